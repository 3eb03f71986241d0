import type { Expectation } from '../../core/run/expectations/index.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';
import type { BoundStep } from '../steps/define-step.ts';
import type { ScenarioHead } from './schema.ts';

/** A scenario with the values of one matrix entry: everything that a world is made from. Frozen. */
export interface Scenario extends Omit<ScenarioHead, 'seed' | 'shows'> {
  /** Path without its ending, and the variant: unique in a run and stable between runs. */
  readonly id: string;
  /** Path as the user gave it, with `/`. */
  readonly file: string;
  /** Such as `validity=P90D`; empty if there is no matrix. */
  readonly variant: string;
  readonly seed: string | undefined;
  /** Stated by the author or derived from the expectations; undefined if both leave it open. */
  readonly shows: ExpectedOutcome | undefined;
  readonly timeline: readonly Step[];
}

/** One step of a timeline, with checked arguments. */
export interface Step extends BoundStep {
  /** From 0. */
  readonly index: number;
  /** Place in the file, from 1. */
  readonly line: number;
  readonly column: number;
  /** ISO 8601 duration to wait before the step. */
  readonly after?: string;
  /** Name of the station that runs the step. */
  readonly at?: string;
  readonly expect?: PlacedExpectation;
  /** The attempts that `expect` applies to: each, the last one of each device, or none (`count`: the result of the step). */
  readonly expects: 'each' | 'last' | 'count';
}

/** An expectation with its place, so that a failure can show it. */
export interface PlacedExpectation {
  readonly line: number;
  readonly column: number;
  readonly words: Expectation;
}

/** A mistake in a scenario file with its place. Line and column count from 1. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
