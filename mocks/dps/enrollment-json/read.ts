import type { z } from 'zod';
import { invalid, type Problem } from '../../../core/wire/problems.ts';

/** What was read, or why it is not taken. */
export type Read<Value> = { readonly value: Value } | { readonly problem: Problem };

/** A refusal of what was read, in a sentence. */
export function unread(sentence: string): { readonly problem: Problem } {
  return { problem: invalid(sentence) };
}

/** Checks JSON against a shape. The sentence names the first word that does not fit. */
export function readShape<Shape extends z.ZodType>(shape: Shape, json: unknown): Read<z.output<Shape>> {
  const parsed = shape.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return unread(`${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'not as the API documents it'}`);
}
