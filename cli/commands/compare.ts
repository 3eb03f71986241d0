import { type Command, Option } from 'commander';
import { ratioAboveOne } from '../option-words.ts';
import { type CompareOptions, comparisonForms } from '../report/compare-options.ts';

/** `rehearse compare`: prints the differences between two recorded runs. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('show what differs between two runs; exit 4 on a regression')
    .argument('<old>', 'baseline file, results.json or report folder of the earlier run')
    .argument('<new>', 'baseline file, results.json or report folder of the later run')
    .option(
      '--slower-than <ratio>',
      'a scenario that takes more than N times as long as before is a regression too',
      ratioAboveOne,
    )
    .addOption(new Option('--as <form>', 'format of stdout').choices(comparisonForms).default(comparisonForms[0]))
    .action(async (old: string, now: string, options: CompareOptions) => {
      const { compareRuns } = await import('../report/compare-runs.ts');
      process.exitCode = compareRuns(old, now, options);
    });
}
