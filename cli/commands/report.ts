import { type Command, Option } from 'commander';
import { reports } from '../../reports/index.ts';

/** `rehearse report`: another report of a run that was played before. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('make a report of a run that was played before, without playing it again')
    .argument('<run>', 'report folder, results.json or run.json')
    .addOption(
      new Option('--as <form>', 'what goes to stdout')
        .choices(reports.map(({ name }) => name))
        .default(reports[0].name),
    )
    .action(async (run: string, { as }: { readonly as: string }) => {
      const { reportStored } = await import('../report-stored.ts');
      process.exitCode = reportStored(run, as);
    });
}
