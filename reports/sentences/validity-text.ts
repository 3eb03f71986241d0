import { defined } from '../../core/defined.ts';
import type { CheckResult } from '../../core/history/decision.ts';
import { isoInstant, parseInstant } from '../../core/time/clock.ts';
import { durationBetween } from '../../core/time/duration.ts';
import { sasToleranceMs } from '../../core/wire/sas.ts';
import { spokenDuration } from '../../core/time/spoken-duration.ts';
import { dayText } from './day-text.ts';

interface Validity {
  /** The position of the compared instant relative to the validity period, such as `expired 245 days ago` or `valid now`. */
  readonly state: string;
  /** The validity period and the instant, such as `valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026`. */
  readonly values: string;
  /** Subject of the certificate, if the check names it. */
  readonly subject?: string;
  /** The validity period and the instant for a page, such as `valid 5 Jan – 5 Apr 2026; now 6 Dec 2026`. */
  readonly short: string;
}

/**
 * Explains a check that compared an instant with a validity period, or the expiry of a token with the earliest accepted expiry. Returns
 * undefined for any other check.
 */
export function validityText({ expected, found }: Pick<CheckResult, 'expected' | 'found'>): Validity | undefined {
  const expiry = expiryText(expected, found);
  if (expiry !== undefined) return expiry;
  const [, from, to] = span.exec(expected) ?? [];
  const [at] = instant.exec(found) ?? [];
  const [start, end, now] = [from, to, at].map((text) => (text === undefined ? undefined : parseInstant(text)));
  if (start === undefined || end === undefined || now === undefined) return undefined;
  const subject = subjectIn(found);
  return {
    ...defined({ subject }),
    state: stateOf(start, end, now),
    values: `valid ${dayText(start)} to ${dayText(end)}; now ${dayText(now)}`,
    short: `valid ${periodText(start, end)}; now ${dayText(now)}`,
  };
}

/**
 * Explains why a check rejected an expired token. DPS compares the expiry with the earliest accepted expiry, which is five minutes before
 * the check. A hub compares the instant of the check with the latest accepted instant, which is five minutes after the expiry.
 */
function expiryText(expected: string, found: string): Validity | undefined {
  const [, limit] = earliest.exec(expected) ?? [];
  const [, expiry] = latest.exec(expected) ?? [];
  const at = parseInstant(found);
  if (at === undefined) return undefined;
  const start = limit === undefined ? undefined : parseInstant(limit);
  if (start !== undefined) return at < start ? expiredText(at, start + sasToleranceMs) : undefined;
  const end = expiry === undefined ? undefined : parseInstant(expiry);
  return end !== undefined && end + sasToleranceMs < at ? expiredText(end, at) : undefined;
}

function expiredText(end: number, now: number): Validity {
  const values = `valid until ${dayText(end)}, ${isoInstant(end).slice(11, 16)} UTC`;
  return { state: `the token expired ${distance(end, now)} ago`, values, short: values };
}

/** Formats a period without repeating the year: `5 Jan – 5 Apr 2026`. */
function periodText(start: number, end: number): string {
  const [first, last] = [dayText(start), dayText(end)];
  const year = last.slice(-5);
  return `${first.endsWith(year) ? first.slice(0, -5) : first} – ${last}`;
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

/**
 * Returns the subject of the invalid certificate that a check of several certificates names: `CN=ca` for `2027-01-05T08:00:00.000Z: CN=ca
 * is expired 184 days ago`. Returns undefined if `found` names no certificate.
 */
function subjectIn(found: string): string | undefined {
  const start = found.indexOf('Z: ');
  const ends = [' is expired', ' is not valid', ' is not yet valid'].map((words) => found.lastIndexOf(words));
  const end = Math.max(...ends);
  return start < 0 || end <= start + 3 ? undefined : found.slice(start + 3, end);
}

const span = /(\d{4}-\d\d-\d\dT[\d:.]+Z) to (\d{4}-\d\d-\d\dT[\d:.]+Z)$/;
const earliest = /^expiry not before (\d{4}-\d\d-\d\dT[\d:.]+Z)$/;
const latest = /^at most 5 min after (\d{4}-\d\d-\d\dT[\d:.]+Z)$/;
const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z/;
