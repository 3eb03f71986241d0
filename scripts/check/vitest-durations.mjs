import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start.mjs';

/** Files that take less time are not in the table, because their order makes no difference. */
const leastSeconds = 1;

/** Reporter for vitest: writes test/durations.json, from which vitest.config.ts starts the longest files first. */
export default class VitestDurations {
  onTestRunEnd(modules) {
    const rows = modules
      .map((module) => [module.relativeModuleId, secondsOf(module)])
      .filter(([, seconds]) => seconds >= leastSeconds)
      .toSorted(([one, oneSeconds], [other, otherSeconds]) => otherSeconds - oneSeconds || one.localeCompare(other));
    writeFileSync(join(root, 'test', 'durations.json'), `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
  }
}

/** Returns whole seconds. Some files do their work while vitest collects their tests. */
function secondsOf(module) {
  const { collectDuration, duration } = module.diagnostic();
  return Math.round((collectDuration + duration) / 1000);
}
