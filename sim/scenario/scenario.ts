import type { Expectation } from '../../core/run/expectations/index.ts';
import type { ExpectedOutcome } from '../../core/run/expected-outcome.ts';
import type { BoundStep } from '../steps/define-step.ts';
import type { ScenarioHead } from './schema.ts';

/** A scenario with one choice of its matrix made: all that a world needs. Frozen. */
export interface Scenario extends Omit<ScenarioHead, 'seed' | 'shows'> {
  /** Path without its ending, and the variant: unique in a run and stable between runs. */
  readonly id: string;
  /** Path as the user gave it, with `/`. */
  readonly file: string;
  /** Such as `validity=P90D`; empty where there is no matrix. */
  readonly variant: string;
  readonly seed: string | undefined;
  /** As its author says, or as its expectations do; undefined where they speak of nobody who gets into service. */
  readonly shows: ExpectedOutcome | undefined;
  readonly timeline: readonly Step[];
}

/** One step of a timeline, its arguments checked and bound. */
export interface Step extends BoundStep {
  /** From 0. */
  readonly index: number;
  /** Place in the file, from 1. */
  readonly line: number;
  readonly column: number;
  /** ISO 8601 duration to wait before the step. */
  readonly after?: string;
  /** Name of the station where it is done. */
  readonly at?: string;
  readonly expect?: PlacedExpectation;
  /** Which attempts of a device `expect` is about. */
  readonly expects: 'each' | 'last' | 'count';
}

/** An expectation and where it stands, so that a failure can point at it. */
export interface PlacedExpectation {
  readonly line: number;
  readonly column: number;
  readonly words: Expectation;
}

/** Something wrong in a scenario file, told by its place. Line and column count from 1. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
