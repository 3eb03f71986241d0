import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Millis } from '../../core/time/clock.ts';
import type { TimingWheel } from './timing-wheel.ts';

/**
 * Takes the alarms of a wheel until none is left. Lets other work of the process run from time to time, so that a large fleet does not
 * look like a process that hangs.
 */
export async function runWheel(wheel: TimingWheel, act: (device: number, now: Millis) => void): Promise<void> {
  let taken = 0;
  for (let device = wheel.take(); device >= 0; device = wheel.take()) {
    act(device, wheel.now);
    if (++taken % alarmsInARow === 0) await nextTurn();
  }
}

/** About a second of work on a busy machine. */
const alarmsInARow = 300_000;
