import type { FlaggedHolding } from '../../core/findings/flag-holdings.ts';

/**
 * Lists the flagged copies of secrets: one line per kind of finding with its first example, such as
 * `needless  manufacturer at line: private key of sensor-1 and 7 more`. Empty if no copy is flagged.
 */
export function secretsText(holdings: readonly FlaggedHolding[]): readonly string[] {
  const kinds = new Map<string, FlaggedHolding[]>();
  for (const holding of holdings) {
    const { flag, party, sort } = holding;
    if (flag === undefined) continue;
    // Findings on devices differ only by kind, because a fleet has many devices. Findings in other places also differ by place.
    const kind = JSON.stringify([flag, party, sort, party === 'device' ? '' : holding.place]);
    const alike = kinds.get(kind);
    if (alike === undefined) kinds.set(kind, [holding]);
    else alike.push(holding);
  }
  const told = [...kinds.values()].flatMap((alike) => lineOf(alike));
  return told.toSorted((a, b) => Number(b.startsWith('stolen')) - Number(a.startsWith('stolen')));
}

function lineOf(alike: readonly FlaggedHolding[]): readonly string[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { flag = '', party } = first;
  const places = firstOf(alike.map(({ place }) => place));
  return [`${flag.padEnd(8)}  ${party} at ${places}: ${firstOf(alike.map(({ secret }) => secret))}`];
}

function firstOf(names: readonly string[]): string {
  const [first, ...others] = new Set(names);
  return others.length === 0 ? `${first}` : `${first} and ${others.length} more`;
}
