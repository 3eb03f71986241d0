import { defined } from '../../core/defined.ts';
import { reports } from '../../reports/index.ts';
import { resultsOf } from '../../reports/results-json.ts';
import { succeeded } from '../../core/result.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { mistake } from '../mistake.ts';
import { openGate } from './gate.ts';
import { Outputs } from './outputs.ts';
import { pageText } from '../bundle/page-text.ts';
import { readMatrix } from './read-matrix.ts';
import { readPlayback } from './read-playback.ts';
import { viewOfStored } from './view-of-stored.ts';

export interface StoredOptions {
  readonly as: string;
  readonly against?: string;
  readonly baseline?: string;
  readonly slowerThan?: number;
  readonly reportUrl?: string;
}

/**
 * Prints a report of a recorded run. Returns the exit code of that run; with a baseline, the exit code of the comparison with the baseline.
 */
export function reportStored(path: string, { as, against, reportUrl, ...gateOptions }: StoredOptions): number {
  const read = readPlayback(path);
  if (!read.ok) return mistake(read.failure.sentence);
  const playback = read.value;
  const readEarlier = against === undefined ? succeeded(undefined) : readPlayback(against);
  if (!readEarlier.ok) return mistake(readEarlier.failure.sentence);
  const earlier = readEarlier.value;
  if (earlier !== undefined && as !== 'html') return mistake('--against needs --as html');
  const matrix = as === 'html' ? readMatrix(path) : succeeded(undefined);
  if (!matrix.ok) return mistake(matrix.failure.sentence);
  const { shard, sabotage } = playback;
  const opened = openGate({ ...gateOptions, ...defined({ shard, sabotage }) });
  if (!opened.ok) return mistake(opened.failure.sentence);
  const gate = opened.value;
  const results = resultsOf(playback);
  const comparison = gate?.compare(results);
  const report = reports.find(({ name }) => name === as) ?? reports[0];
  const stored = viewOfStored(playback, path, pageText(), { ...gateOptions, ...defined({ reportUrl }) });
  const view = {
    ...stored,
    ...defined({ earlier, matrix: matrix.value }),
  };
  process.stdout.write(
    new Outputs(
      [{ report }],
      view,
      playback.played.map(({ run }) => run),
    ).whole(playback, comparison),
  );
  return gate === undefined || comparison === undefined ? exitCodeOf(results) : gate.end(results, comparison);
}
