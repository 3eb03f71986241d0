import type { Millis } from '../time/clock.ts';
import type { CheckId } from '../checks.ts';

/** A line in a service's own log about somebody at its door: what the people who run it have to go by. */
export interface ServiceRecord {
  /** `dps`, or the host of a hub. */
  readonly service: string;
  /** Registration ID, or at a hub the device ID, as it was given. */
  readonly identity: string;
  /** Network address; undefined where no connection brought it. */
  readonly from?: string;
  /** Attested, sent a challenge, or the check that decided against. */
  readonly outcome: 'attested' | 'challenged' | CheckId;
  /** Of the token that was shown, as it says itself. */
  readonly tokenExpiresAt?: Millis;
  /** SHA-256 of the endorsement key that was shown, hex. */
  readonly endorsementKey?: string;
}
