import type { Loot } from '../../attacks/loot.ts';

/** Result of a theft. It depends on the source of the theft, not on the needs of a later attack. */
export interface Theft {
  /** Name of the source: a device, station, CA, group or policy. */
  readonly subject: string;
  readonly loot: Loot;
  readonly sentence: string;
}
