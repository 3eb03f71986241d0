import type { Millis } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';

/** Ways in which a device reacts to a 429 or to an internal error of the service. */
export const retryModes = ['back-off', 'at-once', 'none'] as const;

export type RetryMode = (typeof retryModes)[number];

/**
 * Returns the wait before the next request; undefined if the device gives up. With `back-off`, the wait is at least Retry-After and at
 * least twice the previous wait. A random part of up to the same length is added, so that the devices of a rejected fleet do not return at
 * the same moment.
 * @param tries number of rejected requests so far.
 */
export function waitBeforeRetry(
  { retry, random }: { readonly retry: RetryMode; readonly random: Random },
  tries: number,
  retryAfterSeconds: number | undefined,
): Millis | undefined {
  if (retry === 'none' || tries >= triesLimit) return undefined;
  if (retry === 'at-once') return 0;
  const seconds = Math.max(retryAfterSeconds ?? 0, 2 ** (tries - 1));
  return Math.round(seconds * 1000 * (1 + random.number()));
}

/** Number of rejections after which a device gives up, so that every run ends. */
const triesLimit = 8;
