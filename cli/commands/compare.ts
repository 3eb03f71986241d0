import { type Command, Option } from 'commander';
import { ratioAboveOne } from '../option-words.ts';
import type { CompareOptions } from '../report/compare-runs.ts';

/** What `rehearse compare` can print. */
export const comparisonForms = ['terminal', 'markdown', 'json'] as const;

/** `rehearse compare`: what differs between two runs. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('show what differs between two runs; exit 4 on a regression')
    .argument('<old>', 'baseline file, results.json or report folder')
    .argument('<new>', 'the same, of the later run')
    .option(
      '--slower-than <ratio>',
      'a scenario that takes more than N times as long is a regression too, such as 2',
      ratioAboveOne,
    )
    .addOption(new Option('--as <form>', 'what goes to stdout').choices(comparisonForms).default(comparisonForms[0]))
    .action(async (old: string, now: string, options: CompareOptions) => {
      const { compareRuns } = await import('../report/compare-runs.ts');
      process.exitCode = compareRuns(old, now, options);
    });
}
