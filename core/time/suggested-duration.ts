/**
 * Returns the ISO 8601 duration that a text such as `11 months`, `30s` or `1h 30min` means; undefined if it is not clear. `5m` means minutes,
 * as in most programs.
 */
export function suggestedDuration(text: string): string | undefined {
  const amounts = new Map<string, string>();
  const rest = text.toLowerCase().replaceAll(amount, (_, count: string, word: string) => {
    const unit = unitOf(word);
    if (unit === undefined || amounts.has(unit)) return '?';
    amounts.set(unit, `${count}${unit.slice(-1)}`);
    return '';
  });
  if (amounts.size === 0 || !separators.test(rest)) return undefined;
  const inOrder = (units: readonly string[]): string => units.map((unit) => amounts.get(unit) ?? '').join('');
  const [dates, times] = [inOrder(dateUnits), inOrder(timeUnits)];
  return `P${dates}${times === '' ? '' : `T${times}`}`;
}

const amount = /(\d{1,9}) ?([a-z]{1,10})/g;
const separators = /^[ ,+]*$/;
const dateUnits = ['Y', 'M', 'W', 'D'];
const timeUnits = ['TH', 'TM', 'TS'];

/** Returns the designator of a unit, with `T` before the designator of a time. */
function unitOf(word: string): string | undefined {
  return Object.entries(words).find(([, known]) => known.includes(word))?.[0];
}

const words: Readonly<Record<string, readonly string[]>> = {
  Y: ['y', 'yr', 'yrs', 'year', 'years'],
  M: ['mo', 'mon', 'month', 'months'],
  W: ['w', 'wk', 'week', 'weeks'],
  D: ['d', 'day', 'days'],
  TH: ['h', 'hr', 'hrs', 'hour', 'hours'],
  TM: ['m', 'min', 'mins', 'minute', 'minutes'],
  TS: ['s', 'sec', 'secs', 'second', 'seconds'],
};
