import type { Millis } from '../time/clock.ts';

/** What a production line has to say of itself when it stops. */
export interface LineEnd {
  /** The device or fleet that was built. */
  readonly product: string;
  /** Names of stations, in the order that units pass them. */
  readonly stations: readonly string[];
  readonly ordered: number;
  readonly startedAt: Millis;
}
