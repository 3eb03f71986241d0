import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, start } from './start.mjs';

/** Runs vitest and counts its tests by what our reporter (vitest-tally.mjs) wrote down. */
export async function runUnit(words, heading) {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-check-'));
  const file = join(folder, 'tally.json');
  // Not `finally`: it must go after a signal too.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  heading();
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'vitest-tally.mjs')}`];
  const { failure } = await start([...words, ...reporters], 'inherit', { REHEARSAL_TALLY: file });
  const tally = readTally(file);
  if (tally === undefined) {
    const how = failure === undefined ? '' : `: ${failure}`;
    return { passed: 0, failed: 1, skipped: [], troubles: [`left no count${how}`] };
  }
  // A failure that is in no count must not be lost.
  if (failure !== undefined && tally.failed === 0) {
    return { ...tally, failed: 1, troubles: [`${failure} though no test failed`] };
  }
  if (tally.passed + tally.failed === 0) return { ...tally, failed: 1, troubles: ['no test was run'] };
  return { ...tally, troubles: [] };
}

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
