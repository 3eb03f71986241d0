import { join } from 'node:path';
import { runTallied } from './run-tallied.mjs';
import { root } from '../start.mjs';

/** Runs a project of vitest.config.ts and counts its tests. */
export function runUnit(words, heading, output) {
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'check', 'vitest-tally.mjs')}`];
  return runTallied([...words, ...reporters], heading, output);
}
