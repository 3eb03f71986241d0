import type { MatrixCell } from './matrix-shape.ts';
import type { Measures } from './measure.ts';

/** A measure as a column: its heading, what it means, and the words for a cell. */
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
      'identities that the thief passed for, of those he tried; one of them is not built yet, and one on no list',
    text: ({ impersonated, tried }) => `${impersonated} of ${tried}`,
  },
  {
    heading: 'online',
    meaning: 'stations of the line that needed a network',
    text: ({ online }) => online.join(', ') || 'nobody',
  },
  { heading: 'steps', meaning: 'deeds on the line for each unit', text: ({ lineSteps }) => String(lineSteps) },
  {
    heading: 'secrets',
    meaning: 'secrets that somebody had who need not, until the theft',
    text: ({ needless }) => String(needless),
  },
  {
    heading: 'ban bites',
    meaning:
      'time until he passes for nobody; the enrollment is disabled first, the hub is told an hour later, and he tries ten minutes after each',
    text: (measures) => afterTheft(measures, ({ banBites }) => (banBites === null ? 'not yet' : shortTime(banBites))),
  },
  {
    heading: 'out',
    meaning: 'devices of the fleet that are out of service after attack and ban',
    text: (measures) => afterTheft(measures, ({ keptOut, fleet }) => `${keptOut} of ${fleet}`),
  },
  {
    heading: 'back',
    meaning: 'devices that are in service again after the roll; one that stays with a thief is not',
    text: (measures) => afterTheft(measures, ({ back, fleet }) => `${back} of ${fleet}`),
  },
  {
    heading: 'roll',
    meaning: 'deeds that gave the devices other credentials, and how many devices had to be gone to',
    text: (measures) => afterTheft(measures, rollText),
  },
];

/** The furthest that a thief came in any of the cells: `5 of 5`. */
export function worstRadius(cells: readonly MatrixCell[]): string {
  const radii = cells.flatMap(({ measures }) => (measures === null ? [] : [measures]));
  const [worst] = radii.toSorted((a, b) => b.impersonated - a.impersonated);
  return worst === undefined ? 'not shown' : `${worst.impersonated} of ${worst.tried}`;
}

/** Why a cell has no measures, in one line: what follows is in its run.json. */
export function reasonOf({ reason }: MatrixCell): string {
  return reason.split('\n', 1)[0] ?? '';
}

/** Where nobody passes for anybody there is nobody to ban. */
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
      // Seconds beside minutes are the wires, and nobody's plan.
      .replace(/(min) \d+ s$/, '$1')
      .trim()
  );
}
