import type { Loot } from '../../attacks/loot.ts';

/** Result of a theft. It depends only on the place of the theft, not on what a later attack needs. */
export interface Theft {
  /** The device, station, CA, group or policy from which the attacker steals. */
  readonly subject: string;
  readonly loot: Loot;
  readonly sentence: string;
}
