import { z } from 'zod';

/** The kinds of objects that a scenario file defines and refers to by name. */
export type ReferenceKind =
  | 'device'
  | 'ca'
  | 'hub'
  | 'group'
  | 'key'
  | 'policy'
  | 'root'
  | 'stranger'
  | 'station'
  | 'loot'
  | 'batch';

/**
 * Schema of a word whose value is a name that the file defines in another place. The loader checks the name and suggests
 * similar names.
 */
export function reference(kind: ReferenceKind, description: string): z.ZodString {
  return z.string().min(1).meta({ reference: kind, description });
}
