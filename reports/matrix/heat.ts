import type { Measures } from './measure.ts';

/**
 * Returns the step of the colour scale for the blast radius: 0 if the attacker could take over no identity, 4 if it could take over more
 * than three quarters of them.
 */
export function heatOf({ impersonated, tried }: Pick<Measures, 'impersonated' | 'tried'>): 0 | 1 | 2 | 3 | 4 {
  if (impersonated === 0) return 0;
  const share = impersonated / tried;
  if (share <= 0.25) return 1;
  if (share <= 0.5) return 2;
  return share <= 0.75 ? 3 : 4;
}
