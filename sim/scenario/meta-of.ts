import { z } from 'zod';
import { unwrap } from './editor/schema-at.ts';
import type { ReferenceKind } from './words/words.ts';

/** What a word says of itself beside its type. */
export interface Meta {
  readonly description?: string | undefined;
  /** What it points at, where it is a name. */
  readonly reference?: ReferenceKind | undefined;
  /** What it gives a name to. */
  readonly defines?: ReferenceKind | undefined;
  /** Whether it says how long a certificate is valid. */
  readonly isValidity?: boolean | undefined;
  /** Whether it says how long a step takes, at least. */
  readonly isTimeTaken?: boolean | undefined;
  /** What `rehearse list` calls the list that its values are from. */
  readonly list?: string | undefined;
  /** What one of its values is called, such as `check`. */
  readonly noun?: string | undefined;
  readonly examples?: readonly unknown[] | undefined;
}

/** What stands beside a schema, or beside the schema inside its optionals and defaults. */
export function metaOf(schema: z.core.$ZodType): Meta {
  const outer: Meta = z.globalRegistry.get(schema) ?? {};
  const inner: Meta = z.globalRegistry.get(unwrap(schema)) ?? {};
  return { ...inner, ...outer };
}
