import type { BlastRadius } from '../../core/history/events.ts';

/** Describes the blast radius of a theft in one line: "blast radius of disk: 5 of 6 identities (unit-1, …)". */
export function blastText({ loot, tried, candidates, impersonated }: BlastRadius): string {
  const sampled = tried.length === candidates ? '' : `, tried as a sample of ${candidates}`;
  const names = impersonated.slice(0, shownNames).join(', ');
  const more = impersonated.length > shownNames ? ', …' : '';
  const whom = impersonated.length === 0 ? '' : ` (${names}${more})`;
  return `blast radius of ${loot}: ${impersonated.length} of ${tried.length} identities${sampled}${whom}`;
}

const shownNames = 6;
