import type { JsonObject } from '../../core/enrollment.ts';
import { isJsonObject } from './json-value.ts';

/** The limits of one part of a twin; sizes as the hub documents them. */
export const twinLimits = {
  tagsBytes: 8 * 1024,
  propertiesBytes: 32 * 1024,
  depth: 10,
  keyBytes: 1024,
  valueBytes: 4096,
  integer: 4503599627370496,
} as const;

/** A sentence about what the hub does not take in `values`, or undefined. @param limitBytes of keys and values together. */
export function twinTrouble(values: JsonObject, limitBytes: number): string | undefined {
  const trouble = troubleIn(values, 1);
  if (trouble !== undefined) return trouble;
  const size = sizeOf(values);
  return size <= limitBytes ? undefined : `The twin section has ${size} bytes where ${limitBytes} are allowed.`;
}

function troubleIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string' && Buffer.byteLength(value) > twinLimits.valueBytes) {
    return `A value is longer than ${twinLimits.valueBytes} bytes.`;
  }
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > twinLimits.integer) {
    return `The integer ${value} is beyond ±${twinLimits.integer}.`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > twinLimits.depth) return `The document is nested deeper than ${twinLimits.depth} levels.`;
  for (const [key, inner] of Object.entries(value)) {
    const trouble = (Array.isArray(value) ? undefined : keyTrouble(key)) ?? troubleIn(inner, depth + 1);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function keyTrouble(key: string): string | undefined {
  if (key === '') return 'A property has an empty name.';
  if (Buffer.byteLength(key) > twinLimits.keyBytes)
    return `A property name is longer than ${twinLimits.keyBytes} bytes.`;
  // Control characters are those of C0 and C1.
  return /[\p{Cc}.$ ]/u.test(key)
    ? `The property name ${JSON.stringify(key)} has a character that is not allowed: control characters, ".", "$" and space.`
    : undefined;
}

/** As the hub counts: names and texts by their bytes, numbers 8, booleans 4, objects and lists by what is in them. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 8;
  if (typeof value === 'boolean') return 4;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, inner]) => sum + Buffer.byteLength(key) + sizeOf(inner), 0);
}
