import type { Millis } from '../../core/time/clock.ts';
import type { Device } from './device.ts';

/** What a device does after a 429, or after a fault of the service. */
export const retryModes = ['back-off', 'at-once', 'none'] as const;

export type RetryMode = (typeof retryModes)[number];

/**
 * How long a device waits before it asks once more; undefined where it gives up. Who backs off waits as long as it was
 * told to and no less than twice the last time, and up to as long again by chance: a fleet that was turned away together
 * does not come back together.
 *
 * @param tries how often it has asked in vain.
 */
export function waitBeforeRetry(
  { retry, random }: Device,
  tries: number,
  retryAfterSeconds: number | undefined,
): Millis | undefined {
  if (retry === 'none' || tries >= triesLimit) return undefined;
  if (retry === 'at-once') return 0;
  const seconds = Math.max(retryAfterSeconds ?? 0, 2 ** (tries - 1));
  return Math.round(seconds * 1000 * (1 + random.number()));
}

/** Nothing goes on for ever: at the eighth refusal a device gives up. */
const triesLimit = 8;
