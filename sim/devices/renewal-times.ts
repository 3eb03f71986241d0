import type { Validity } from '../../core/rules/is-valid-at.ts';
import type { Random } from '../../core/random.ts';
import type { Millis } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';

/** Returns the instant from which a device renews a certificate. @param share fraction of its validity, from 0 to 1. */
export function renewalDueAt({ notBefore, notAfter }: Validity, share: number): Millis {
  return notBefore + (notAfter - notBefore) * share;
}

/**
 * Returns the time that a device waits after a failed renewal. The time doubles with each failure, up to eight times the first time. It
 * varies at random by up to half of its length, so that the devices of a fleet do not return at the same moment.
 *
 * @param failures number of failures before this one.
 */
export function waitBeforeRenewal(
  { retry }: { readonly retry: string },
  now: Millis,
  failures: number,
  random: Pick<Random, 'number'>,
): Millis {
  const step = addDuration(now, retry) - now;
  const doubled = step * 2 ** Math.min(failures, longestDoubling);
  return Math.max(1000, Math.round(doubled * (0.5 + random.number())));
}

/** Number of doublings after which the wait stays the same. */
const longestDoubling = 3;
