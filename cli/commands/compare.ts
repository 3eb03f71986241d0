import { type Command, Option } from 'commander';
import { ratioAboveOne } from '../option-words.ts';
import type { CompareOptions } from '../compare-runs.ts';

/** What `rehearse compare` can print. */
export const comparisonForms = ['terminal', 'markdown', 'json'] as const;

/** `rehearse compare`: what differs between two runs. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('say what differs between two runs; exits 4 where the new one is worse')
    .argument('<old>', 'baseline file, results.json or report folder')
    .argument('<new>', 'the same, of the later run')
    .option(
      '--slower-than <ratio>',
      'a scenario that takes more than so many times as long is a regression too, such as 2',
      ratioAboveOne,
    )
    .addOption(new Option('--as <form>', 'what goes to stdout').choices(comparisonForms).default(comparisonForms[0]))
    .action(async (old: string, now: string, options: CompareOptions) => {
      const { compareRuns } = await import('../compare-runs.ts');
      process.exitCode = compareRuns(old, now, options);
    });
}
