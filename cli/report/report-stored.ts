import { defined } from '../../core/defined.ts';
import { reports } from '../../reports/index.ts';
import { resultsOf } from '../../reports/results-json.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { openGate } from './gate.ts';
import { pageText } from '../bundle/page-text.ts';
import { readMatrix } from './read-matrix.ts';
import { readPlayback } from './read-playback.ts';
import { viewOfStored } from './view-of-stored.ts';
import { writeJobSummary } from './write-job-summary.ts';

export interface StoredOptions {
  readonly as: string;
  readonly against?: string;
  readonly baseline?: string;
  readonly slowerThan?: number;
}

/** Prints a report of a run that was kept; returns the exit code that the run itself had, or would have with the baseline. */
export function reportStored(path: string, { as, against, ...held }: StoredOptions): number {
  const playback = readPlayback(path);
  if (typeof playback === 'string') return mistake(playback);
  const earlier = against === undefined ? undefined : readPlayback(against);
  if (typeof earlier === 'string') return mistake(earlier);
  if (earlier !== undefined && as !== 'html') return mistake('--against goes with --as html');
  const matrix = as === 'html' ? readMatrix(path) : undefined;
  if (typeof matrix === 'string') return mistake(matrix);
  const { shard, sabotage } = playback;
  const gate = openGate({
    ...held,
    ...defined({ shard, sabotage }),
  });
  if (typeof gate === 'string') return mistake(gate);
  const results = resultsOf(playback);
  const comparison = gate?.compare(results);
  const report = reports.find(({ name }) => name === as) ?? reports[0];
  const stored = viewOfStored(playback, path, pageText());
  const view = {
    ...stored,
    ...defined({ comparison, earlier, matrix }),
  };
  const lines = playback.played.map((played) => report.onScenario(played, view));
  process.stdout.write([...lines, report.onEnd(playback, view)].join(''));
  writeJobSummary(report.onSummary?.(playback, view));
  return gate === undefined || comparison === undefined ? exitCodeOf(results) : gate.end(results, comparison);
}

function mistake(sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCodes.mistake;
}
