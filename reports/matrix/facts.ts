import type { MatrixCell } from './matrix-shape.ts';
import type { Measures } from './measure.ts';

/** A column of the matrix for one measurement: its heading, its meaning, and the text of a cell. */
interface Fact {
  readonly heading: string;
  /** Heading in a terminal of 100 columns. Default: `heading`. */
  readonly short?: string;
  readonly meaning: string;
  readonly text: (measures: Measures) => string;
}

/** The columns of the matrix after the columns of its axes, in their order. */
export const facts: readonly Fact[] = [
  {
    heading: 'radius',
    meaning:
      'number of identities that the attacker could take over, of all that the attacker tried: the fleet, a device that is not built yet, and an invented device',
    text: ({ impersonated, tried }) => `${impersonated} of ${tried}`,
  },
  {
    heading: 'online',
    meaning: 'stations of the production line that needed a network',
    text: ({ online }) => online.join(', ') || 'none',
  },
  { heading: 'steps', meaning: 'actions on the production line per unit', text: ({ lineSteps }) => String(lineSteps) },
  {
    heading: 'secrets',
    meaning: 'number of secrets that a party could read before the theft, but did not need',
    text: ({ needless }) => String(needless),
  },
  {
    heading: 'ban delay',
    meaning:
      'time from the ban until the attacker can take over no identity. Ban: the operator disables the enrollment, and an hour later the identity at the hub; the attacker tries again ten minutes after each of these actions',
    text: (measures) => afterTheft(measures, ({ banBites }) => (banBites === null ? 'not yet' : shortTime(banBites))),
  },
  {
    heading: 'locked out',
    short: 'out',
    meaning: 'devices of the fleet that are out of service after the attack and the ban',
    text: (measures) => afterTheft(measures, ({ keptOut, fleet }) => `${keptOut} of ${fleet}`),
  },
  {
    heading: 'recovered',
    short: 'back',
    meaning:
      'devices of the fleet that are in service again with new credentials; devices that the attacker still has are not counted',
    text: (measures) => afterTheft(measures, ({ back, fleet }) => `${back} of ${fleet}`),
  },
  {
    heading: 'steps + visits',
    short: 'roll',
    meaning:
      'number of actions that gave the devices new credentials + number of devices that needed a visit on site; "in vain" if the attacker can still take over an identity',
    text: (measures) => afterTheft(measures, rollText),
  },
];

/** Returns the largest blast radius of the cells, such as `5 of 5`. */
export function worstRadius(cells: readonly MatrixCell[]): string {
  const radii = cells.flatMap(({ measures }) => (measures === null ? [] : [measures]));
  const [worst] = radii.toSorted((a, b) => b.impersonated - a.impersonated);
  return worst === undefined ? 'not measured' : `${worst.impersonated} of ${worst.tried}`;
}

/** Returns the first line of the reason why a cell has no measurements. The run.json of the cell has the rest. */
export function reasonOf({ reason }: MatrixCell): string {
  return reason.split('\n', 1)[0] ?? '';
}

/**
 * Returns the text of a measurement after the theft. Returns a dash if the attacker could take over no identity, because the operator then
 * needs to revoke nothing and to give no device new credentials.
 */
function afterTheft(measures: Measures, text: (measures: Measures) => string): string {
  return measures.impersonated === 0 ? '–' : text(measures);
}

function rollText({ rollDeeds, rollVisits, impersonatedAfterRoll }: Measures): string {
  return impersonatedAfterRoll === 0 ? `${rollDeeds} + ${rollVisits}` : 'in vain';
}

/** Formats an ISO 8601 duration: `PT1H10M4S` becomes `1 h 10 min`. */
function shortTime(duration: string): string {
  return (
    duration
      .replace(/^P/, '')
      .replace('T', '')
      .replace(/(\d)S$/, '$1 s')
      .replace(/(\d)D/, '$1 d ')
      .replace(/(\d)H/, '$1 h ')
      .replace(/(\d)M/, '$1 min ')
      // Seconds after minutes are omitted: they come from network delays, not from the timeline.
      .replace(/(min) \d+ s$/, '$1')
      .trim()
  );
}
