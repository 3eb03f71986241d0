import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Millis } from '../../core/time/clock.ts';
import type { TimingWheel } from './timing-wheel.ts';

/**
 * Handles the alarms of a wheel until none is left. Regularly lets other work of the process run, so that the process does not seem to
 * hang.
 */
export async function runWheel(wheel: TimingWheel, act: (device: number, now: Millis) => void): Promise<void> {
  let taken = 0;
  for (let device = wheel.take(); device >= 0; device = wheel.take()) {
    act(device, wheel.now);
    if (++taken % alarmsInARow === 0) await nextTurn();
  }
}

/** Number of alarms that need about a second on a busy computer. */
const alarmsInARow = 300_000;
