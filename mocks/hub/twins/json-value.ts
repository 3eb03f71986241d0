import type { JsonObject } from '../../../core/wire/enrollment.ts';

/** Whether `value` is a JSON object: no list, not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
