import { Argument, type Command } from 'commander';

const subjects = [
  'head',
  'lab',
  'beside',
  'expect',
  'fidelity',
  'attacks',
  'signals',
  'steps',
  'checks',
  'topics',
  'scenarios',
] as const;

/** A list that `rehearse list` can print. */
export type Subject = (typeof subjects)[number];

/** `rehearse list`: prints the vocabulary of scenario files, and the scenarios. */
export function addList(program: Command): void {
  program
    .command('list')
    .description('print the keys of scenario and lab files, the steps, the checks, the topics and the scenario IDs')
    .addArgument(new Argument('[what]', 'the list to print (default: all lists)').choices(subjects))
    .option('--json', 'print the lists as JSON')
    .action(async (what: Subject | undefined, { json }: { readonly json?: true }) => {
      const { listWords } = await import('../list-words.ts');
      process.exitCode = listWords(what === undefined ? subjects : [what], json === true);
    });
}
