import type { MatrixCell } from './matrix-shape.ts';
import type { Measures } from './measure.ts';

/** A measurement as a column: heading, meaning, and text of a cell. */
interface Fact {
  readonly heading: string;
  readonly meaning: string;
  readonly text: (measures: Measures) => string;
}

/** The columns of the matrix beside its axes, in their order. */
export const facts: readonly Fact[] = [
  {
    heading: 'radius',
    meaning:
      'identities that the attacker could take over, of those tried; one of them is not built yet, and one is on no list',
    text: ({ impersonated, tried }) => `${impersonated} of ${tried}`,
  },
  {
    heading: 'online',
    meaning: 'stations of the line that needed a network',
    text: ({ online }) => online.join(', ') || 'none',
  },
  { heading: 'steps', meaning: 'actions on the line for each unit', text: ({ lineSteps }) => String(lineSteps) },
  {
    heading: 'secrets',
    meaning: 'secrets that a party had without need, until the theft',
    text: ({ needless }) => String(needless),
  },
  {
    heading: 'ban delay',
    meaning:
      'time until the attacker can take over no identity; the enrollment is disabled first, the hub identity an hour later, and the attacker tries ten minutes after each',
    text: (measures) => afterTheft(measures, ({ banBites }) => (banBites === null ? 'not yet' : shortTime(banBites))),
  },
  {
    heading: 'out',
    meaning: 'devices of the fleet that are out of service after attack and ban',
    text: (measures) => afterTheft(measures, ({ keptOut, fleet }) => `${keptOut} of ${fleet}`),
  },
  {
    heading: 'back',
    meaning: 'devices that are in service again after the roll; a device that the attacker keeps is not',
    text: (measures) => afterTheft(measures, ({ back, fleet }) => `${back} of ${fleet}`),
  },
  {
    heading: 'roll',
    meaning: 'actions that gave the devices new credentials, and how many devices needed a visit',
    text: (measures) => afterTheft(measures, rollText),
  },
];

/** Returns the largest blast radius of the cells, such as `5 of 5`. */
export function worstRadius(cells: readonly MatrixCell[]): string {
  const radii = cells.flatMap(({ measures }) => (measures === null ? [] : [measures]));
  const [worst] = radii.toSorted((a, b) => b.impersonated - a.impersonated);
  return worst === undefined ? 'not shown' : `${worst.impersonated} of ${worst.tried}`;
}

/** Returns the reason why a cell has no measurements, in one line; its run.json has the rest. */
export function reasonOf({ reason }: MatrixCell): string {
  return reason.split('\n', 1)[0] ?? '';
}

/** Returns a dash if the attacker could take over no identity, because no ban is needed. */
function afterTheft(measures: Measures, text: (measures: Measures) => string): string {
  return measures.impersonated === 0 ? '–' : text(measures);
}

function rollText({ rollDeeds, rollVisits, impersonatedAfterRoll }: Measures): string {
  return impersonatedAfterRoll === 0 ? `${rollDeeds} + ${rollVisits}` : 'in vain';
}

/** `PT1H10M4S` as `1 h 10 min`. */
function shortTime(duration: string): string {
  return (
    duration
      .replace(/^P/, '')
      .replace('T', '')
      .replace(/(\d)S$/, '$1 s')
      .replace(/(\d)D/, '$1 d ')
      .replace(/(\d)H/, '$1 h ')
      .replace(/(\d)M/, '$1 min ')
      // Seconds beside minutes are network time, not part of the plan.
      .replace(/(min) \d+ s$/, '$1')
      .trim()
  );
}
