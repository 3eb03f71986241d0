import type { z } from 'zod';
import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { invalid, type Problem } from '../../../core/wire/problems.ts';

/** The value that was read, or the problem with which the service answers. */
export type Read<Value> = Result<Value, Problem>;

/** Returns a refusal with this message. */
export function unread(sentence: string): Read<never> {
  return failedWith(invalid(sentence));
}

/** Checks JSON against a shape. The message names the first field that does not match. */
export function readShape<Shape extends z.ZodType>(shape: Shape, json: unknown): Read<z.output<Shape>> {
  const parsed = shape.safeParse(json);
  if (parsed.success) return succeeded(parsed.data);
  const [issue] = parsed.error.issues;
  return unread(`${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'does not match the API'}`);
}
