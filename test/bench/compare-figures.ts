/** The difference between one figure of this run and the same figure of the committed run. */
interface Difference {
  readonly now: number;
  readonly committed: number;
  /** `now` divided by `committed`; undefined if one of them is 0. */
  readonly times?: number;
}

/**
 * Compares the ratios of this run with the ratios of the committed run. Only ratios and counts can be compared between machines, so this
 * function ignores times: figures whose names end in `Ms` or `PerSecond`.
 */
export function compareFigures(now: object, committed: object): Readonly<Record<string, Difference>> {
  const before = new Map(numbersIn(committed));
  return Object.fromEntries(
    numbersIn(now).flatMap(([name, figure]) => {
      const last = before.get(name);
      if (last === undefined) return [];
      const times = figure * last === 0 ? {} : { times: Math.round((figure / last) * 100) / 100 };
      return [[name, { now: figure, committed: last, ...times }]];
    }),
  );
}

function numbersIn(figures: object, path = ''): (readonly [string, number])[] {
  return Object.entries(figures).flatMap(([name, figure]: [string, unknown]) => {
    if (/(Ms|PerSecond|exitCode)$/.test(name)) return [];
    if (typeof figure === 'number') return [[`${path}${name}`, figure] as const];
    return typeof figure === 'object' && figure !== null ? numbersIn(figure, `${path}${name}.`) : [];
  });
}
