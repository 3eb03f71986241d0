import { z } from 'zod';
import { unwrap } from './editor/schema-at.ts';
import type { ReferenceKind } from './words/words.ts';

/** Metadata of a word in addition to its type. */
export interface Meta {
  readonly description?: string | undefined;
  /** The kind of thing that the name refers to. */
  readonly reference?: ReferenceKind | undefined;
  /** The kind of thing that the word names. */
  readonly defines?: ReferenceKind | undefined;
  /** True for the validity of a certificate. */
  readonly isValidity?: boolean | undefined;
  /** True for the least duration of a step. */
  readonly isTimeTaken?: boolean | undefined;
  /** The subject of `rehearse list` that has its values. */
  readonly list?: string | undefined;
  /** The noun for one of its values, such as `check`. */
  readonly noun?: string | undefined;
  readonly examples?: readonly unknown[] | undefined;
}

/** Returns the metadata of a schema, merged with that of the schema inside its optionals and defaults. */
export function metaOf(schema: z.core.$ZodType): Meta {
  const outer: Meta = z.globalRegistry.get(schema) ?? {};
  const inner: Meta = z.globalRegistry.get(unwrap(schema)) ?? {};
  return { ...inner, ...outer };
}
