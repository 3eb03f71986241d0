import { reports } from '../reports/index.ts';
import { resultsOf } from '../reports/results-json.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { pageText } from './page-text.ts';
import { readPlayback } from './read-playback.ts';
import { viewOfStored } from './view-of-stored.ts';

/** Prints a report of a run that was kept; returns the exit code that the run itself had. */
export function reportStored(path: string, form: string): number {
  const playback = readPlayback(path);
  if (typeof playback === 'string') {
    process.stderr.write(`error: ${playback}\n`);
    return exitCodes.mistake;
  }
  const report = reports.find(({ name }) => name === form) ?? reports[0];
  const view = viewOfStored(playback, path, pageText());
  const lines = playback.played.map((played) => report.onScenario(played, view));
  process.stdout.write([...lines, report.onEnd(playback, view)].join(''));
  return exitCodeOf(resultsOf(playback));
}
