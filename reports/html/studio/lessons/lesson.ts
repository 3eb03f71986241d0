import type { CheckId } from '../../../../core/checks.ts';
import type { Party } from '../../../../core/history/events.ts';

/** A lesson of 45 minutes for a trainer and an audience. */
export interface Lesson {
  readonly number: number;
  readonly title: string;
  readonly goal: string;
  /** The intended participants. */
  readonly people: string;
  readonly parts: readonly LessonPart[];
  /** Names of checks and lists that the trainer should point at. Backticks mark identifiers. */
  readonly lookAt: string;
  readonly takeHome: string;
  /** Other scenarios for the same goal. `what` says what the scenario shows. */
  readonly more?: readonly { readonly file: string; readonly what: string }[];
  readonly quiz: readonly Question[];
}

/** A part of a lesson. */
export interface LessonPart {
  readonly minutes: number;
  readonly title: string;
  /** Prompts for the trainer, in order. */
  readonly prompts: readonly string[];
  /** The scenario that the part plays. */
  readonly scene?: LessonScene;
  /** A bet on the outcome, which the audience makes before the outcome is shown. */
  readonly bet?: Question;
}

/** A variant of a shipped scenario, with the breakpoints of the part. */
export interface LessonScene {
  /** Path below the folder `scenarios`. */
  readonly file: string;
  /** The part of the scenario ID after `#`; empty for a file without variants. */
  readonly variant: string;
  /** Indexes of steps, from 0, before which the play pauses. */
  readonly steps?: readonly number[];
  readonly parties?: readonly Party[];
  readonly checks?: readonly CheckId[];
}

/** A question with exactly one right answer. */
export interface Question {
  readonly question: string;
  readonly options: readonly string[];
  /** Index of the right option. */
  readonly answer: number;
  readonly reason: string;
}
