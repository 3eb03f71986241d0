import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../start.mjs';

/**
 * Runs a program with tests and counts them by what a reporter of ours (vitest-tally.mjs, playwright-tally.mjs) wrote down:
 * `{ passed, failed, skipped: [{ name, reason }] }` in the file that REHEARSAL_TALLY names.
 */
export async function runTallied(words, heading) {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-check-'));
  const file = join(folder, 'tally.json');
  // Not `finally`: it must go after a signal too.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  heading();
  const { failure } = await start(words, 'inherit', { REHEARSAL_TALLY: file });
  const tally = readTally(file);
  if (tally === undefined) {
    const how = failure === undefined ? '' : `: ${failure}`;
    return { passed: 0, failed: 1, skipped: [], troubles: [`left no count${how}`] };
  }
  // A failure that is in no count must not be lost.
  if (failure !== undefined && tally.failed === 0) {
    return { ...tally, failed: 1, troubles: [`${failure} though no test failed`] };
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
