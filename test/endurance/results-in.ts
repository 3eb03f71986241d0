import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normaliseHistory } from '../../core/history/normalise-history.ts';
import type { Run } from '../../core/run/run.ts';
import type { Results } from '../../reports/shapes/results-shape.ts';

/** The results of a run, by scenario ID. */
export interface RunResults {
  readonly verdicts: ReadonlyMap<string, string>;
  /** Normalised history. */
  readonly histories: ReadonlyMap<string, string>;
}

/** Reads the results of a run from its report folder. Returns empty results if the run wrote none. */
export function resultsIn(folder: string): RunResults {
  const verdicts = new Map<string, string>();
  const histories = new Map<string, string>();
  const file = join(folder, 'results.json');
  if (!existsSync(file)) return { verdicts, histories };
  const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  for (const { id, verdict, runFile } of scenarios) {
    verdicts.set(id, verdict);
    if (runFile === null || runFile === undefined || !existsSync(join(folder, runFile))) continue;
    const { history } = JSON.parse(readFileSync(join(folder, runFile), 'utf8')) as Run;
    histories.set(id, normaliseHistory(history));
  }
  return { verdicts, histories };
}
