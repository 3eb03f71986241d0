import type { FlaggedHolding } from '../../core/findings/flag-holdings.ts';

/** Describes why a copy of a secret has a flag: the copy is stolen, shared or unneeded. */
export function flagText(flag: NonNullable<FlaggedHolding['flag']>, party: FlaggedHolding['party']): string {
  if (flag === 'stolen') return 'stolen';
  return party === 'device' ? 'shared with another device' : 'unneeded copy';
}
