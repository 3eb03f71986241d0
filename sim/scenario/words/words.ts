import { z } from 'zod';
import { deviceIdRule, isDeviceId } from '../../../core/wire/device-id.ts';
import { anyDuration, duration, durationLength } from '../../../core/schema/duration.ts';
import { reference, type ReferenceKind } from '../../../core/schema/reference.ts';
import { firstInstant, lastNow } from '../../../core/time/calendar.ts';
import { parseInstant } from '../../../core/time/clock.ts';

export { duration, reference, type ReferenceKind };

/** Schema of a value that defines a name. Later steps refer to this name. */
export function definition(kind: ReferenceKind, description: string): z.ZodString {
  return usableName.meta({ defines: kind, description });
}

/** Schema of a name that an author chooses. Names of inherited members of JavaScript objects are not allowed. */
export const usableName = z
  .string()
  .min(1, { error: 'a name cannot be empty', abort: true })
  .refine((name) => !(name in Object.prototype), { error: 'this name cannot be used; choose another name' });

// oxlint-disable-next-line no-control-regex -- the pattern searches for them
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Names the first control character and its place, because a terminal does not show it. */
function controlCharacterIn(text: string): string {
  const at = text.search(controlCharacter);
  const number = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return `character ${at + 1} of this text is the control character U+${number}; remove it`;
}

/** Schema of a text that reports and terminals show. It may have several lines. */
export const shownText = z.string().refine((text) => !controlCharacter.test(text), {
  error: ({ input }) => controlCharacterIn(String(input)),
});

/** Schema of an ISO 8601 duration that may be negative, for clocks that are fast or slow. */
export function signedDuration(description: string): z.ZodString {
  return anyDuration().meta({ description, examples: ['P11M', '-P1Y', 'PT15M'] });
}

/**
 * Schema of an ISO 8601 duration above zero, for repeated events. With a duration of zero, the events would follow each other without end.
 */
export function positiveDuration(description: string): z.ZodString {
  return longerThanNothing().meta({ description, examples: ['P11M', 'P90D', 'PT15M'] });
}

/** Schema of the validity of a certificate, counted from its issue. The loader checks that the validity ends within the calendar. */
export function validity(description: string): z.ZodString {
  return longerThanNothing().meta({ description, isValidity: true, examples: ['P11M', 'P90D', 'PT15M'] });
}

/** Schema of the shortest duration of a step in virtual time. */
export function timeTaken(description: string): z.ZodString {
  return duration(description).meta({ description, isTimeTaken: true, examples: ['P11M', 'P90D', 'PT15M'] });
}

/** Schema of a duration between repeated events: at least an hour, because a year of shorter intervals would take too long to simulate. */
export function interval(description: string): z.ZodString {
  return anyDuration()
    .refine((text) => durationLength(text) >= 3_600_000, {
      error: 'expected an ISO 8601 duration of an hour or more, such as P7D',
    })
    .meta({ description, examples: ['P1D', 'PT6H'] });
}

/** Schema of an RFC 3339 instant with a time zone. The code that uses the instant converts it to milliseconds. */
export function instant(description: string): z.ZodString {
  return anyInstant().meta({ description, examples: ['2026-01-05T08:00:00Z'] });
}

/** Schema of the instant at which a scenario starts. */
export function firstNow(description: string): z.ZodString {
  return anyInstant()
    .refine((text) => isFrom(firstInstant, text, lastNow), { error: 'expected an instant from the years 1950 to 9899' })
    .meta({ description, examples: ['2026-01-05T08:00:00Z'] });
}

/** Returns true if the end of a period is after its start. */
export function isForward({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): boolean {
  if (from === undefined || to === undefined) return true;
  const [start, end] = [parseInstant(from), parseInstant(to)];
  return start === undefined || end === undefined || start < end;
}

/** Error for `refine(isForward, …)`. */
export const forwardWords = { error: '"to" must be later than "from"', path: ['to'] };

function longerThanNothing(): z.ZodString {
  return anyDuration().refine((text) => durationLength(text) > 0, {
    error: 'expected a duration longer than zero, such as P90D',
  });
}

function anyInstant(): z.ZodString {
  return z.string().refine((text) => parseInstant(text) !== undefined, {
    error: ({ input }) => `${calendarOf(input)}expected an instant with a time zone, such as 2026-01-05T08:00:00Z`,
    abort: true,
  });
}

/** Returns a sentence about the calendar if a text begins with a month or day that does not exist; otherwise an empty string. */
function calendarOf(text: unknown): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(typeof text === 'string' ? text : '') ?? [];
  if (year === undefined || month === undefined) return '';
  if (month === '00' || Number(month) > 12) return `there is no month ${month}; `;
  const lastDay = [31, 30, 29, 28].find((last) => parseInstant(`${year}-${month}-${last}T00:00Z`) !== undefined) ?? 31;
  if (day === '00') return 'there is no day 00; ';
  return Number(day) <= lastDay ? '' : `${monthNames[Number(month) - 1]} ${year} has ${lastDay} days; `;
}

const monthNames = 'January February March April May June July August September October November December'.split(' ');

function isFrom(first: number, text: string, last: number): boolean {
  const at = parseInstant(text);
  return at !== undefined && first <= at && at <= last;
}

/** Schema of a device ID that hubs accept. */
export const deviceIdAtHub = z.string().refine(isDeviceId, { error: `expected a device ID: ${deviceIdRule}` });
