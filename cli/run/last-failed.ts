import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { readReportJson } from '../files/read-report-json.ts';
import { readResults } from '../report/read-playback.ts';

/** The scenarios of the last run that failed, were flaky or skipped, or had no conclusive verdict. */
export interface LastFailed {
  /** Paths of the files of these scenarios, as the user gave them. */
  readonly files: readonly string[];
  /** The seed of each scenario by its ID. With this seed, the scenario has the same result again unless its file changed. */
  readonly seeds: ReadonlyMap<string, string>;
  /** The seed of the whole last run. */
  readonly seed: string;
  /** The number of all scenarios of the last run. */
  readonly total: number;
}

/**
 * Reads `--last-failed` from results.json of the report folder. Fails if the file does not exist, if a run with a disabled check wrote
 * it, or if that run was inconclusive without a scenario that did not pass.
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
  // A skipped scenario did not pass: the program that it needs may be installed now.
  const open = results.scenarios.filter(({ verdict, flaky }) => flaky || verdict !== 'pass');
  if (open.length === 0 && exitCodeOf(results) !== exitCodes.asExpected) {
    return failed(
      'inconclusive',
      `the last run in ${reportFolder} was inconclusive, and each of its scenarios passed; run without --last-failed`,
    );
  }
  return succeeded({
    total: results.scenarios.length,
    files: [...new Set(open.map((one) => one.file))],
    seeds: new Map(open.map((one) => [one.id, one.seed])),
    seed: results.seed,
  });
}
