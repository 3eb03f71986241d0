import { z } from 'zod';
import type { Path } from '../yaml-source.ts';

/** The schema that a place in a value is checked by, through optionals, defaults, records and lists; undefined off the map. */
export function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = unwrap(schema);
  for (const step of path) {
    if (current instanceof z.ZodObject) current = ownWord(current, String(step));
    else if (current instanceof z.ZodRecord) current = current.valueType;
    else if (current instanceof z.ZodArray) current = current.element;
    else return undefined;
    if (current === undefined) return undefined;
    current = asWords(unwrap(current));
  }
  return current;
}

/** The schema of one of its words; what every object of JavaScript has by itself is none. */
export function ownWord(schema: z.ZodObject, word: string): z.core.$ZodType | undefined {
  return Object.hasOwn(schema.shape, word) ? schema.shape[word] : undefined;
}

/** The words that an object at that place may have. */
export function wordsAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** Where a name or words may stand, the words: only they have something inside. */
function asWords(schema: z.core.$ZodType): z.core.$ZodType {
  if (!(schema instanceof z.ZodUnion)) return schema;
  return schema.options.find((option) => option instanceof z.ZodObject) ?? schema;
}

/** The schema inside optional, default and prefault. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  return inner;
}
