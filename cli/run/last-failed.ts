import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { readReportJson } from '../files/read-report-json.ts';
import { readResults } from '../report/read-playback.ts';

/** The scenarios of the last run that failed, were flaky, or had no conclusive verdict. */
export interface LastFailed {
  /** Paths of the files of these scenarios, as the user gave them. */
  readonly files: readonly string[];
  /** The seed of each scenario by its ID. With this seed, the scenario has the same result again unless its file changed. */
  readonly seeds: ReadonlyMap<string, string>;
  /** The seed of the whole last run. */
  readonly seed: string;
}

/**
 * Reads `--last-failed` from results.json of the report folder. Fails if the file does not exist, or if a run with a disabled check wrote
 * it.
 */
export function readLastFailed(reportFolder: string): Result<LastFailed> {
  const file = join(reportFolder, 'results.json');
  if (!existsSync(file)) {
    return failed(
      'no-results',
      `--last-failed needs the results of an earlier run, and there is no ${file}; run without --last-failed first`,
    );
  }
  const read = readResults(file, readReportJson(reportFolder, ['results.json']));
  if (!read.ok) return read;
  const results = read.value;
  if (results === undefined)
    return failed('wrong-file', `${file} is not a results.json; run without --last-failed first`);
  if (results.sabotage !== undefined) {
    return failed('sabotage', `the last run in ${reportFolder} had a disabled check; run without --last-failed first`);
  }
  const open = results.scenarios.filter(({ verdict, flaky }) => flaky || verdict === 'fail' || verdict === 'unknown');
  return succeeded({
    files: [...new Set(open.map((one) => one.file))],
    seeds: new Map(open.map((one) => [one.id, one.seed])),
    seed: results.seed,
  });
}
