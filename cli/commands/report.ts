import { type Command, Option } from 'commander';
import { reports } from '../../reports/index.ts';
import { ratioAboveOne, someText, webAddress } from '../option-words.ts';
import type { StoredOptions } from '../report/report-stored.ts';

/** `rehearse report`: prints another report of a recorded run. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('print a report of a recorded run')
    .argument('<run>', 'report folder, results.json or run.json')
    .addOption(
      new Option('--as <form>', 'format of stdout').choices(reports.map(({ name }) => name)).default(reports[0].name),
    )
    .option('--against <run>', 'with --as html: an earlier run to compare with, side by side', someText)
    .option(
      '--report-url <url>',
      'address of the published report, for links (default in GitHub Actions: the address of the workflow run)',
      webAddress,
    )
    .option('--baseline <file>', 'compare the results with this baseline; exit 4 on a regression', someText)
    .option(
      '--slower-than <ratio>',
      'with --baseline: a scenario that takes more than N times as long as before is a regression too',
      ratioAboveOne,
    )
    .action(async (run: string, options: StoredOptions) => {
      const { reportStored } = await import('../report/report-stored.ts');
      process.exitCode = reportStored(run, options);
    });
}
