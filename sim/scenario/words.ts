import { z } from 'zod';
import { parseInstant } from '../../core/clock.ts';
import { addDuration, isDuration } from '../../core/duration.ts';

/** What a word of a scenario may point at. */
export type ReferenceKind =
  | 'device'
  | 'ca'
  | 'hub'
  | 'group'
  | 'key'
  | 'policy'
  | 'root'
  | 'stranger'
  | 'station'
  | 'loot'
  | 'batch';

/** A word that must name something defined elsewhere in the file; the loader checks it and offers near spellings. */
export function reference(kind: ReferenceKind, description: string): z.ZodString {
  return z.string().min(1).meta({ reference: kind, description });
}

/** A word that gives a name to something which later steps point at. */
export function definition(kind: ReferenceKind, description: string): z.ZodString {
  return z.string().min(1).meta({ defines: kind, description });
}

/** An ISO 8601 duration such as P11M or PT15M. */
export function duration(description: string): z.ZodString {
  return z
    .string()
    .refine(isDuration, { error: 'expected an ISO 8601 duration such as P11M, P90D or PT15M' })
    .meta({ description, examples: ['P11M', 'P90D', 'PT15M'] });
}

/** A duration between things that happen again and again: of an hour or more, or a year of them would never end. */
export function interval(description: string): z.ZodString {
  return z
    .string()
    .refine((text) => isDuration(text) && addDuration(0, text) >= 3_600_000, {
      error: 'expected an ISO 8601 duration of an hour or more, such as P7D',
    })
    .meta({ description, examples: ['P1D', 'PT6H'] });
}

/** An RFC 3339 instant with zone; becomes milliseconds when the step or the world reads it. */
export function instant(description: string): z.ZodString {
  return z
    .string()
    .refine((text) => parseInstant(text) !== undefined, {
      error: 'expected an instant with zone such as 2026-01-05T08:00:00Z',
    })
    .meta({ description, examples: ['2026-01-05T08:00:00Z'] });
}
