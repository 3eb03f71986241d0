import type { CheckResult } from '../../core/history/decision.ts';
import { parseInstant } from '../../core/time/clock.ts';
import { durationBetween } from '../../core/time/duration.ts';
import { spokenDuration } from '../../core/time/spoken-duration.ts';
import { dayText } from './day-text.ts';

interface Validity {
  /** The instant relative to the validity period, such as `expired 245 days ago` or `valid now`. */
  readonly state: string;
  /** The validity period and the instant, such as `valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026`. */
  readonly values: string;
}

/** Explains a check that compared an instant with a validity period. Returns undefined for any other check. */
export function validityText({ expected, found }: Pick<CheckResult, 'expected' | 'found'>): Validity | undefined {
  const [, from, to] = span.exec(expected) ?? [];
  const [at] = instant.exec(found) ?? [];
  const [start, end, now] = [from, to, at].map((text) => (text === undefined ? undefined : parseInstant(text)));
  if (start === undefined || end === undefined || now === undefined) return undefined;
  return {
    state: stateOf(start, end, now),
    values: `valid ${dayText(start)} to ${dayText(end)}; now ${dayText(now)}`,
  };
}

function stateOf(start: number, end: number, now: number): string {
  if (now < start) return `becomes valid in ${distance(now, start)}`;
  if (now > end) return `expired ${distance(end, now)} ago`;
  return 'valid now';
}

/** Returns whole days if there are at least two, because expiry is counted in days; otherwise the two largest units. */
function distance(from: number, to: number): string {
  const days = Math.floor((to - from) / 86_400_000);
  return days >= 2 ? `${days.toLocaleString('en')} days` : spokenDuration(durationBetween(from, to));
}

const span = /(\d{4}-\d\d-\d\dT[\d:.]+Z) to (\d{4}-\d\d-\d\dT[\d:.]+Z)$/;
const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z/;
