import type { WireEvent } from '../../../core/conformance/wire-event.ts';

/** Result of one conformance statement. The judge function of the statement derives the result from the record of one run of the client. */
export type Finding =
  | { readonly kind: 'pass'; readonly actual: string; readonly events: readonly WireEvent[] }
  | {
      readonly kind: 'fail';
      readonly expected: string;
      readonly actual: string;
      readonly events: readonly WireEvent[];
    }
  | { readonly kind: 'not exercised'; readonly actual: string };

export function passed(actual: string, ...events: readonly WireEvent[]): Finding {
  return { kind: 'pass', actual, events };
}

export function failed(expected: string, actual: string, ...events: readonly WireEvent[]): Finding {
  return { kind: 'fail', expected, actual, events };
}

/** @param actual why the record does not show whether the client meets the statement. */
export function notExercised(actual: string): Finding {
  return { kind: 'not exercised', actual };
}
