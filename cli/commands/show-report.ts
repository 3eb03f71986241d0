import type { Command } from 'commander';
import { portNumber } from '../option-words.ts';
import type { ShowOptions } from '../report/open/show-report.ts';

/** `rehearse show-report`: opens the page of a run. */
export function addShowReport(program: Command): void {
  program
    .command('show-report')
    .description('open report.html of a run in the default browser; print its address in CI and without a display')
    .argument('[folder]', 'report folder', 'rehearsal-report')
    .option('--port <port>', 'serve the page on 127.0.0.1 until Ctrl-C; 0 for any free port', portNumber)
    .action(async (folder: string, options: ShowOptions) => {
      const { showReport } = await import('../report/open/show-report.ts');
      process.exitCode = await showReport(folder, options);
    });
}
