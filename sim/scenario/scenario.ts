import type { Expectation } from '../../core/run/expectations/index.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';
import type { BoundStep } from '../steps/define-step.ts';
import type { ScenarioHead } from './schema.ts';

/** One variant of a scenario file. It contains everything from which a world is made, and it is frozen. */
export interface Scenario extends Omit<ScenarioHead, 'seed' | 'shows'> {
  /** Path without its file ending, followed by the variant. It is unique within a run and does not change between runs. */
  readonly id: string;
  /** Path as the user wrote it, with `/` as the separator. */
  readonly file: string;
  /** Name of the variant, such as `validity=P90D`; empty if the file has no matrix. */
  readonly variant: string;
  /** Number of the matrix entry, from 1; absent if the file has no matrix. */
  readonly row?: number;
  readonly seed: string | undefined;
  /** Expected outcome, from the author or derived from the expectations; undefined if neither gives one. */
  readonly shows: ExpectedOutcome | undefined;
  readonly timeline: readonly Step[];
}

/** One step of a timeline, with validated arguments. */
export interface Step extends BoundStep {
  /** From 0. */
  readonly index: number;
  /** Line of the step in the file, from 1. */
  readonly line: number;
  readonly column: number;
  /** Wait before the step, as an ISO 8601 duration. */
  readonly after?: string;
  /** Name of the station at which the step is done. */
  readonly at?: string;
  readonly expect?: PlacedExpectation;
  /** Attempts to which `expect` applies: `each`, or the `last` one of each device. `count`: `expect` applies to the result of the step. */
  readonly expects: 'each' | 'last' | 'count';
}

/** An assertion under `expect` with its line and column, so that a failure report can show it. */
export interface PlacedExpectation {
  readonly line: number;
  readonly column: number;
  readonly words: Expectation;
}

/** A mistake in a scenario file. Line and column count from 1. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
