import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start.mjs';

/** Minimum duration of a file in the table. The order of shorter files makes no difference. */
const leastSeconds = 1;

/**
 * Reporter for vitest: writes the duration of each test file to test/durations.json. vitest.config.ts reads it to start the longest files
 * first.
 */
export default class VitestDurations {
  onTestRunEnd(modules) {
    const rows = modules
      .map((module) => [module.relativeModuleId, secondsOf(module)])
      .filter(([, seconds]) => seconds >= leastSeconds)
      .toSorted(([one, oneSeconds], [other, otherSeconds]) => otherSeconds - oneSeconds || one.localeCompare(other));
    writeFileSync(join(root, 'test', 'durations.json'), `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
  }
}

/**
 * Returns the duration of a file in whole seconds, including the time in which vitest collects its tests, because some files do most of
 * their work while vitest collects.
 */
function secondsOf(module) {
  const { collectDuration, duration } = module.diagnostic();
  return Math.round((collectDuration + duration) / 1000);
}
