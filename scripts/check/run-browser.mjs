import { join } from 'node:path';
import { runTallied } from './run-tallied.mjs';
import { root } from '../start.mjs';

/** Runs the browser tests and counts their results. */
export function runBrowser(words, heading, output) {
  return runTallied(
    [...words, `--reporter=list,${join(root, 'scripts', 'check', 'playwright-tally.mjs')}`],
    heading,
    output,
  );
}
