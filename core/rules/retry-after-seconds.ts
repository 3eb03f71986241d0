import type { Millis } from '../time/clock.ts';

/** Returns the value of Retry-After for an answer with status 429: the whole seconds until `freeAt`, at least one. */
export function retryAfterSeconds(freeAt: Millis, now: Millis): number {
  return Math.max(1, Math.ceil((freeAt - now) / 1000));
}
