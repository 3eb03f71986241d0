import { parse as parseYaml } from 'yaml';

/** Parses a scenario file without checking it. */
export function parse(text: string): Readonly<Record<string, unknown>> {
  const read: unknown = parseYaml(text);
  if (!isMap(read)) throw new Error('not a scenario');
  return read;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
