import { join } from 'node:path';
import { runTallied } from './run-tallied.mjs';
import { root } from '../start.mjs';

/** Runs the tests of one project in vitest.config.ts and counts them. */
export function runUnit(words, heading, output, niceness) {
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'check', 'vitest-tally.mjs')}`];
  return runTallied([...words, ...reporters], heading, output, niceness);
}
