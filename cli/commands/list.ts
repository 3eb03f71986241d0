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

/** What `rehearse list` can show. */
export type Subject = (typeof subjects)[number];

/** `rehearse list`: the vocabulary of scenarios, and the scenarios there are. */
export function addList(program: Command): void {
  program
    .command('list')
    .description('show the words of scenario and lab files, the steps, checks and topics, and the scenarios')
    .addArgument(new Argument('[what]', 'default: all of them').choices(subjects))
    .option('--json', 'as JSON')
    .action(async (what: Subject | undefined, { json }: { readonly json?: true }) => {
      const { listWords } = await import('../list-words.ts');
      process.exitCode = listWords(what === undefined ? subjects : [what], json === true);
    });
}
