import { z } from 'zod';
import { unwrap } from './editor/schema-at.ts';
import type { ReferenceKind } from './words/words.ts';

/** Metadata of a schema value, in addition to its type. */
export interface Meta {
  readonly description?: string | undefined;
  /** Kind of thing that the value refers to by its name. */
  readonly reference?: ReferenceKind | undefined;
  /** Kind of thing to which the value gives a name. */
  readonly defines?: ReferenceKind | undefined;
  /** True if the value is the validity of a certificate. */
  readonly isValidity?: boolean | undefined;
  /** True if the value is the shortest duration of a step. */
  readonly isTimeTaken?: boolean | undefined;
  /** Argument of the command `rehearse list` that prints all allowed values. */
  readonly list?: string | undefined;
  /** Noun for one allowed value in error messages, such as `check`. */
  readonly noun?: string | undefined;
  readonly examples?: readonly unknown[] | undefined;
}

/** Returns the metadata of a schema, merged with the metadata of the schema inside its optionals and defaults. */
export function metaOf(schema: z.core.$ZodType): Meta {
  const outer: Meta = z.globalRegistry.get(schema) ?? {};
  const inner: Meta = z.globalRegistry.get(unwrap(schema)) ?? {};
  return { ...inner, ...outer };
}
