import { start } from '../start.mjs';

/** Runs a check that counts as one test. Prints the output of the check only after a failure. */
export async function runStatic(words, heading) {
  const { failure, output } = await start(words, 'pipe');
  heading();
  if (failure === undefined) return { passed: 1, failed: 0, skipped: [], failures: [], troubles: [] };
  process.stdout.write(output);
  return { passed: 0, failed: 1, skipped: [], failures: [], troubles: [failure] };
}
