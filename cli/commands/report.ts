import { type Command, Option } from 'commander';
import { reports } from '../../reports/index.ts';
import { ratioAboveOne, someText } from '../option-words.ts';
import type { StoredOptions } from '../report/report-stored.ts';

/** `rehearse report`: another report of a run that was played before. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('make a report of a recorded run, without a new run')
    .argument('<run>', 'report folder, results.json or run.json')
    .addOption(
      new Option('--as <form>', 'what goes to stdout')
        .choices(reports.map(({ name }) => name))
        .default(reports[0].name),
    )
    .option('--against <run>', 'with --as html: an earlier run, to see side by side what has changed', someText)
    .option('--baseline <file>', 'hold it against this file; 4 where it is worse', someText)
    .option(
      '--slower-than <ratio>',
      'with --baseline: a scenario that takes more than N times as long is a regression too, such as 2',
      ratioAboveOne,
    )
    .action(async (run: string, options: StoredOptions) => {
      const { reportStored } = await import('../report/report-stored.ts');
      process.exitCode = reportStored(run, options);
    });
}
