import type { Loot } from '../../attacks/loot.ts';

/** What a thief comes away with. What it is follows from where it lay, never from what is to become of it. */
export interface Theft {
  /** The device, the station, the CA, … that it is taken from. */
  readonly subject: string;
  readonly loot: Loot;
  readonly sentence: string;
}
