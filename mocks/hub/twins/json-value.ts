import type { JsonObject } from '../../../core/wire/enrollment.ts';

/** Returns true if `value` is a JSON object, and not an array or null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
