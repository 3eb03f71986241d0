import type { FleetTerms } from '../../../core/cloud/fleet-rules.ts';
import type { Millis } from '../../../core/time/clock.ts';
import { issuancePauses } from './issuance-pauses.ts';

/** Instants of a certificate request to a hub. */
interface IssuanceTimes {
  /** Undefined if the hub forgets the request before it issues the certificate. */
  readonly issuedAt: Millis | undefined;
  /** The instant at which the device gets the certificate, or gives up. */
  readonly endedAt: Millis;
}

/** Returns the instants of a certificate request that a device sends at `at`, as in `requestFromHub`. */
export function issuanceTimes(
  at: Millis,
  { issuanceMs, issuanceLifeMs }: Pick<FleetTerms, 'issuanceMs' | 'issuanceLifeMs'>,
): IssuanceTimes {
  const [dueAt, expiresAt] = [at + issuanceMs, at + issuanceLifeMs];
  let now = at;
  for (const pauseMs of issuancePauses()) {
    if (now >= expiresAt) break;
    now += pauseMs;
    // The hub issues a certificate when the device sends a packet: with the request, or at a later poll.
    if (now >= dueAt && now < expiresAt) return { issuedAt: issuanceMs === 0 ? at : now, endedAt: now };
  }
  return { issuedAt: undefined, endedAt: now };
}
