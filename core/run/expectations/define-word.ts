import type { z } from 'zod';
import type { StepResult } from '../../findings/step-result.ts';
import type { FleetRun } from '../../history/fleet-run.ts';
import type { Registration } from '../../history/events.ts';

/** The actual value of a word in a run, as plain JSON. */
export type ActualValue = string | number | readonly string[] | Readonly<Record<string, string | number>>;

/**
 * A word of `expect:`. Defines the values that an author may write, the source of the actual value, the comparison, and the text of
 * the actual value.
 */
export interface ExpectationWord<
  Name extends string = string,
  Value = unknown,
  Actual extends ActualValue = ActualValue,
> {
  readonly name: Name;
  /** Schema of the values that an author may write. The description of the schema is the help text. */
  readonly schema: z.ZodType<Value>;
  /** Returns the actual value from one registration. Omit this method if the word does not apply to registrations. */
  ofRegistration?(registration: Registration): Actual | undefined;
  /**
   * Returns the actual value from the result of a step in which no device registers; undefined if the step has no such value.
   * Omit this method if the word applies to registrations only.
   */
  ofStep?(result: StepResult): Actual | undefined;
  /**
   * Returns the actual value from the attempts of a simulated fleet. Omit this method if the word does not apply to
   * fleets.
   */
  ofFleet?(run: FleetRun): Actual | undefined;
  /** Returns true if the actual value meets the expectation. */
  holds(expected: Value, actual: Actual | undefined): boolean;
  /** Returns the actual value as text for messages, such as `refused by token-signature-matches`. */
  show(actual: Actual): string;
  /**
   * Returns the actual value as Markdown for the guide: one or several texts such as `3 shipped`. Default: the guide omits the
   * value.
   */
  phrases?(actual: Actual | undefined): readonly string[];
  /** Returns true if the author expects that the actor of the step succeeds; undefined if the value does not determine this. */
  expectsSuccess?(expected: Value): boolean | undefined;
}

/**
 * Completes a word with defaults: the word passes if both values are equal; messages show text unquoted and other values as
 * JSON.
 */
export function defineWord<Name extends string, Value, Actual extends ActualValue>(
  word: Omit<ExpectationWord<Name, Value, Actual>, 'holds' | 'show'> &
    Partial<Pick<ExpectationWord<Name, Value, Actual>, 'holds' | 'show'>>,
): ExpectationWord<Name, Value, Actual> {
  return { holds: (expected, actual) => expected === actual, show: showValue, ...word };
}

/** Shows text unquoted and any other value as JSON without spaces. */
export function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
