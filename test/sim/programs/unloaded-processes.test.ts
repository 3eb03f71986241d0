import { expect, test } from 'vitest';
import { systemClock } from '../../../core/time/clock.ts';
import { UnloadedProcesses } from '../../../sim/programs/unloaded-processes.ts';

test('`isKnownAsForeign` is true only after a second and 150 checks, so that a process on a busy computer can load the clock library', async () => {
  const unloaded = new UnloadedProcesses();
  const [often, once] = [1, 2];
  for (let check = 0; check < 200; check++) expect(unloaded.isKnownAsForeign(often)).toBe(false);
  expect(unloaded.isKnownAsForeign(once)).toBe(false);
  await systemClock.sleep(1100);
  expect([unloaded.isKnownAsForeign(often), unloaded.isKnownAsForeign(once)]).toEqual([true, false]);
});
