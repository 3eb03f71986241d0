import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start.mjs';
import { largeReport } from './large-report.mjs';
import { printedRun } from './printed-run.mjs';
import { staleGuide } from './stale-guide.mjs';

/** Runs the shipped scenarios and counts the results in results.json. */
export async function runScenarios(words, heading, output) {
  const file = join(root, 'rehearsal-report', 'results.json');
  // Removes the results of an earlier run, so that this script does not count them if this run writes no results. rehearse itself removes
  // the guide of an earlier run.
  rmSync(file, { force: true });
  const { code, failure } = await printedRun(words, heading, output);
  const results = readResults(file);
  const how = failure ?? 'rehearse ended with code 0';
  if (results === undefined)
    return { passed: 0, failed: 1, skipped: [], failures: [], troubles: [`no readable ${file}: ${how}`] };
  const { total, passed, failed, skipped, unknown } = results.summary;
  const failures = [...withVerdict(results, 'fail'), ...withVerdict(results, 'unknown')];
  const tally = { passed, failed: failed + unknown, skipped: withVerdict(results, 'skipped'), failures, troubles: [] };
  const doubt = doubtOf(results, code);
  if (doubt !== undefined && tally.failed === 0) tally.failed = 1;
  if (doubt !== undefined) tally.troubles.push(`${doubt} (${passed} of ${total} passed, ${skipped} skipped; ${how})`);
  const others = [staleGuide(results), largeReport(join(root, 'rehearsal-report', 'report.html'))];
  for (const trouble of others.filter((one) => one !== undefined)) {
    tally.failed++;
    tally.troubles.push(trouble);
  }
  return tally;
}

function readResults(file) {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'));
    return typeof results.summary?.passed === 'number' ? results : undefined;
  } catch {
    return undefined;
  }
}

function withVerdict({ scenarios }, wanted) {
  return scenarios.filter(({ verdict }) => verdict === wanted).map(({ id, reason }) => ({ name: id, reason }));
}

/** Returns the reason why the counts are not reliable; undefined if they are reliable. */
function doubtOf({ complete, troubles, summary }, code) {
  const { total, passed, failed, skipped, unknown } = summary;
  if (total === 0) return 'no scenario was run';
  if (passed + failed + skipped + unknown !== total) return 'the counts do not add up to the total';
  if (!complete) return 'the run is incomplete';
  if (troubles.length > 0) return 'there was a problem outside the scenarios';
  // Exit codes of rehearse: 1 if an expectation failed, 3 if a scenario was inconclusive.
  const expected = failed > 0 ? 1 : unknown + skipped > 0 ? 3 : 0;
  return code === expected ? undefined : `the counts require exit code ${expected}`;
}
