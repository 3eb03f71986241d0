import { z } from 'zod';

/** The kinds of things that a scenario file names and refers to. */
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

/** A word whose value is a name that the file defines elsewhere. The loader checks it and suggests similar names. */
export function reference(kind: ReferenceKind, description: string): z.ZodString {
  return z.string().min(1).meta({ reference: kind, description });
}
