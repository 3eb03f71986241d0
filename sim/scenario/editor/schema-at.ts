import { z } from 'zod';
import type { Path } from '../yaml-source.ts';

/**
 * Returns the schema at a path and looks through optionals, defaults, records and lists; undefined if the schema does not have this path.
 */
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

/** Returns the schema of a key of an object. Inherited members of JavaScript objects do not count. */
export function ownWord(schema: z.ZodObject, word: string): z.core.$ZodType | undefined {
  return Object.hasOwn(schema.shape, word) ? schema.shape[word] : undefined;
}

/** Returns the keys that an object at a path may have. */
export function wordsAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** Returns the object option of a union, because only an object has keys; otherwise the schema itself. */
function asWords(schema: z.core.$ZodType): z.core.$ZodType {
  if (!(schema instanceof z.ZodUnion)) return schema;
  return schema.options.find((option) => option instanceof z.ZodObject) ?? schema;
}

/** Removes the zod wrappers optional, default, prefault and nullable from a schema. */
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
