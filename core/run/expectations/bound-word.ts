import { z } from 'zod';
import { readBound } from './bound.ts';

/**
 * Schema of a comparison such as `>= 99 %`.
 * @param units the words that may follow the number, without spaces.
 * @param sample a valid text, for error messages.
 */
export function boundText(units: readonly string[], sample: string, description: string): z.ZodString {
  return z
    .string()
    .refine(
      (text) => {
        const bound = readBound(text);
        return bound !== undefined && units.includes(bound.unit.replaceAll(' ', ''));
      },
      { error: `expected a comparison such as "${sample}"` },
    )
    .meta({ description, examples: [sample] });
}

/**
 * Schema of a share of devices, such as `>= 99 %`.
 * @param sample a valid text, for error messages.
 */
export function shareText(sample: string, description: string): z.ZodString {
  return boundText(['%'], sample, description).refine((text) => (readBound(text)?.limit ?? 101) <= 100, {
    error: `expected at most 100 %, such as "${sample}"`,
  });
}
