import { oneLine } from '../../../reports/markup/plain-text.ts';
import { exitCodes } from '../../exit-codes.ts';
import { openInBrowser } from '../../process/open-in-browser.ts';
import type { OpenWhen } from '../../run/run-options.ts';

/**
 * Opens the page of a run in the cases that `--open` names. If a signal ended the run, opens nothing, because the user interrupted the run.
 *
 * @param page path of report.html.
 */
export async function openAfterRun(page: string, when: OpenWhen | undefined, exitCode: number): Promise<void> {
  const isInterrupted = exitCode > exitCodes.regression;
  if (when === undefined || when === 'never' || isInterrupted) return;
  if (when === 'on-failure' && exitCode === exitCodes.asExpected) return;
  const opened = await openInBrowser(page);
  if (!opened.ok) process.stderr.write(`${oneLine(page)} was not opened, because ${opened.failure.sentence}\n`);
}
