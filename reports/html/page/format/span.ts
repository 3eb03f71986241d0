import { daysUntil } from '../../../../core/time/spoken-between.ts';

/**
 * Formats the time between two instants with its two largest units: `11 months 2 days`. Below 100 days, the largest unit is the day, as in
 * `spokenBetween`. This function also has times below a second and times backwards.
 */
export function spanText(from: number, to: number): string {
  if (to < from) return `minus ${spanText(to, from)}`;
  const start = new Date(from);
  // Counts whole calendar months first, and then the remaining time, because months differ in length.
  let months = 0;
  if (to - from >= daysUntil * dayMs) while (shifted(start, months + 1) <= to) months += 1;
  let rest = to - shifted(start, months);
  const amounts: [number, string][] = [
    [Math.floor(months / 12), 'year'],
    [months % 12, 'month'],
  ];
  for (const [length, unit] of units) {
    amounts.push([Math.floor(rest / length), unit]);
    rest %= length;
  }
  const parts = amounts.flatMap(([amount, unit]) =>
    amount === 0 ? [] : [`${amount} ${unit}${amount === 1 ? '' : 's'}`],
  );
  if (parts.length > 0) return parts.slice(0, 2).join(' ');
  return to === from ? 'no time' : `${to - from} ms`;
}

const dayMs = 86_400_000;
const units = [
  [dayMs, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const;

function shifted(date: Date, months: number): number {
  const next = new Date(date);
  next.setUTCMonth(next.getUTCMonth() + months);
  // If the month is too short, uses its last day: one month after 31 January is the last day of February.
  if (next.getUTCDate() !== date.getUTCDate()) next.setUTCDate(0);
  return next.getTime();
}
