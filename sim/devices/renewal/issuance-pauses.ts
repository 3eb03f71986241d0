import type { Millis } from '../../../core/time/clock.ts';

/** Yields the pauses of a device that waits for the certificate that it requested from its hub: 2 s, then twice as long, up to 5 minutes. */
export function* issuancePauses(): Generator<Millis, never> {
  for (let pauseMs = 2000; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) yield pauseMs;
}

const longestPauseMs: Millis = 5 * 60_000;
