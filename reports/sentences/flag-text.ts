import type { FlaggedHolding } from '../../core/findings/flag-holdings.ts';

/** Returns the flag of a copy of a secret in words. */
export function flagText(flag: NonNullable<FlaggedHolding['flag']>, party: FlaggedHolding['party']): string {
  if (flag === 'stolen') return 'stolen';
  return party === 'device' ? 'shared with another device' : 'unneeded copy';
}
