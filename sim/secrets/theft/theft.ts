import type { Loot } from '../../attacks/loot.ts';

/** Result of a theft. It depends only on where the thief steals, never on what the attack needs later. */
export interface Theft {
  /** The device, station, CA, group or policy that it is taken from. */
  readonly subject: string;
  readonly loot: Loot;
  readonly sentence: string;
}
