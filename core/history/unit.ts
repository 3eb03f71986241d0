import type { CheckId } from '../checks.ts';

/** What became of a unit that a line began. */
export const fates = ['shipped', 'unpacked', 'scrapped', 'rejected', 'off-the-books'] as const;

export type Fate = (typeof fates)[number];

/** A unit at the end of its line. */
export interface Unit {
  readonly device: string;
  readonly fate: Fate;
  /** The check of the quality check that rejected it. */
  readonly check?: CheckId;
}
