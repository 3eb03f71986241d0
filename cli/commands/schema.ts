import { Argument, type Command } from 'commander';

const names = ['scenario', 'results', 'run', 'matrix'] as const;

/** What `rehearse schema` can describe. */
export type SchemaName = (typeof names)[number];

/** `rehearse schema`: the JSON Schema of scenario files, and of what a run leaves. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors, or of the results of a run')
    .addArgument(new Argument('[of]', 'what to describe').choices(names).default('scenario'))
    .action(async (name: SchemaName) => {
      const { schemaText } = await import('../schema-text.ts');
      process.stdout.write(schemaText(name));
    });
}
