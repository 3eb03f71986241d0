import type { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import { succeeded } from '../../../core/result.ts';
import { readShape, type Read } from './read.ts';

/**
 * Reads the JSON of an individual enrollment or a group, and the ETag in it.
 *
 * @param read function that reads JSON whose shape is already checked.
 */
export function readEntry<Json extends { readonly etag?: string | null | undefined }, Entry>(
  shape: z.ZodType<Json>,
  json: unknown,
  read: (json: Json) => Read<Entry>,
): Read<{ readonly record: Entry; readonly etag?: string }> {
  const shaped = readShape(shape, json);
  if (!shaped.ok) return shaped;
  const entry = read(shaped.value);
  if (!entry.ok) return entry;
  return succeeded({ record: entry.value, ...defined({ etag: shaped.value.etag || undefined }) });
}
