import type { Millis } from '../time/clock.ts';

/** Returns the seconds in Retry-After of a 429: whole seconds until `freeAt`, at least one. */
export function retryAfterSeconds(freeAt: Millis, now: Millis): number {
  return Math.max(1, Math.ceil((freeAt - now) / 1000));
}
