/** A comparison with a number, such as `>= 99 %` or `<= 3 per device`. */
export interface Bound {
  readonly sign: '>=' | '<=' | '>' | '<' | '=';
  readonly limit: number;
  /** The words after the number, such as `%`, `per device` or `/min`; empty if there are none. */
  readonly unit: string;
}

/** Reads a comparison; undefined if the text has another form. A number without a sign means exactly this number. */
export function readBound(text: string): Bound | undefined {
  const match = /^(>=|<=|>|<|=)?\s*(\d{1,12}(?:\.\d{1,6})?)(.*)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '=', limit, unit = ''] = match;
  return { sign: sign as Bound['sign'], limit: Number(limit), unit: unit.trim() };
}

/** Returns true if a number meets a comparison. */
export function meetsBound(actual: number, { sign, limit }: Bound): boolean {
  switch (sign) {
    case '>=':
      return actual >= limit;
    case '<=':
      return actual <= limit;
    case '>':
      return actual > limit;
    case '<':
      return actual < limit;
    case '=':
      return actual === limit;
  }
}
