import { Argument, type Command } from 'commander';

const names = ['scenario', 'results', 'run', 'matrix'] as const;

/** A file format that `rehearse schema` describes. */
export type SchemaName = (typeof names)[number];

/** `rehearse schema`: prints the JSON Schema of scenario files or of the files of a run. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors, or of the results of a run')
    .addArgument(new Argument('[of]', 'file format').choices(names).default('scenario'))
    .action(async (name: SchemaName) => {
      const { schemaText } = await import('../schema-text.ts');
      process.stdout.write(schemaText(name));
    });
}
