import type { FlaggedHolding } from '../../core/findings/flag-holdings.ts';
import { counted } from '../markup/counted.ts';

/**
 * Describes the flagged copies of secrets: one sentence for each kind of finding, which names the first example, such as `unneeded copy:
 * manufacturer could read private key of sensor-1 and 7 more secrets at line`. Empty if no copy is flagged.
 */
export function secretsText(holdings: readonly FlaggedHolding[]): readonly string[] {
  const kinds = new Map<string, FlaggedHolding[]>();
  for (const holding of holdings) {
    const { flag, party, sort } = holding;
    if (flag === undefined) continue;
    // The text groups findings on devices by kind only, because a fleet has many devices. It groups other findings also by the secret
    // location that has the copy.
    const kind = JSON.stringify([flag, party, sort, party === 'device' ? '' : holding.place]);
    const alike = kinds.get(kind);
    if (alike === undefined) kinds.set(kind, [holding]);
    else alike.push(holding);
  }
  return [...kinds.values()].toSorted((one, other) => isStolen(other) - isStolen(one)).flatMap(sentenceOf);
}

/** Returns the rank of a group of findings: 1 for stolen secrets, which the text lists first, otherwise 0. */
function isStolen([first]: readonly FlaggedHolding[]): number {
  return Number(first?.flag === 'stolen');
}

function sentenceOf(alike: readonly FlaggedHolding[]): readonly string[] {
  const [first] = alike;
  if (first === undefined) return [];
  const { flag, party } = first;
  const secrets = firstOf(
    alike.map(({ secret }) => secret),
    'secret',
  );
  const places = alike.map(({ place }) => place);
  if (flag === 'stolen') return [`stolen: the attacker has ${secrets} (${firstOf(places, 'place')})`];
  if (party !== 'device') return [`unneeded copy: ${party} could read ${secrets} at ${firstOf(places, 'place')}`];
  const verb = new Set(places).size === 1 ? 'has' : 'have';
  return [`shared secret: ${firstOf(places, 'device')} ${verb} ${secrets}, which another device has too`];
}

/** Returns the first name, and the number of the others: `sensor-1 and 7 more devices`. */
function firstOf(names: readonly string[], noun: string): string {
  const [first, ...others] = new Set(names);
  return others.length === 0 ? `${first}` : `${first} and ${counted(others.length, `more ${noun}`)}`;
}
