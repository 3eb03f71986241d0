import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printedRun } from './printed-run.mjs';

/**
 * Runs a program with tests and reads the counts that our reporter (vitest-tally.mjs, playwright-tally.mjs) wrote:
 * `{ passed, failed, skipped: [{ name, reason }], failures: [{ name, reason }] }` in the file that REHEARSAL_TALLY names. `output` has the
 * same meaning as in printed-run.mjs, and `niceness` as in start.mjs.
 */
export async function runTallied(words, heading, output, niceness) {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-check-'));
  const file = join(folder, 'tally.json');
  // The folder is removed on exit and not in `finally`, because `finally` does not run after a signal.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { failure } = await printedRun(words, heading, output, { REHEARSAL_TALLY: file }, niceness);
  const tally = readTally(file);
  if (tally === undefined) {
    const how = failure === undefined ? '' : `: ${failure}`;
    return { passed: 0, failed: 1, skipped: [], failures: [], troubles: [`wrote no counts${how}`] };
  }
  // A failure outside any test, such as a crash of the runner, must count too.
  if (failure !== undefined && tally.failed === 0) {
    return { ...tally, failed: 1, troubles: [`${failure}, but no test failed`] };
  }
  if (tally.passed + tally.failed + tally.skipped.length === 0)
    return { ...tally, failed: 1, troubles: ['no test was run'] };
  return { ...tally, troubles: [] };
}

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
