import type { AttemptEnd } from '../../core/attempt.ts';
import type { Wires } from './wires.ts';

export type Answer = Awaited<ReturnType<Wires['request']>>;

/** What the service said no with. */
export function refusal({ status, body }: Answer): AttemptEnd {
  const errorCode = valueIn(body, 'errorCode');
  return {
    outcome: 'refused',
    sentence: `the service answered ${status}`,
    ...(typeof errorCode === 'number' ? { errorCode } : {}),
    telemetry: 'none',
    attempts: 1,
  };
}

/** What stands there in an answer, if it is an object. */
export function valueIn(body: unknown, word: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[word] : undefined;
}

/** The text that stands there; undefined where there is none. */
export function textIn(body: unknown, word: string): string | undefined {
  const value = valueIn(body, word);
  return typeof value === 'string' ? value : undefined;
}
