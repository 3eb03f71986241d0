import type { Millis } from '../../clock.ts';
import type { Certificate } from '../certificate.ts';
import type { ChainRule, ChainStep, Purpose } from '../chain-rules.ts';
import type { WorkMeter } from '../limits.ts';

/** A path from the leaf to a trusted certificate, each signed by the next, and the circumstances it is judged under. */
export interface JudgedPath {
  readonly path: readonly Certificate[];
  readonly at: Millis;
  readonly purpose: Purpose;
  readonly checkAnchorValidity: boolean;
  readonly meter: WorkMeter;
}

/** Judges one rule of RFC 5280 section 6 on a whole path: steps that passed, the last one failed if the rule is broken. */
export type PathRule = (judged: JudgedPath) => readonly ChainStep[];

/** A step that passed for the whole path. */
export function passed(rule: ChainRule, { path }: JudgedPath, expected: string, found: string): ChainStep {
  return { rule, depth: path.length - 1, passed: true, expected, found };
}

/** A step that failed at one certificate. */
export function failed(rule: ChainRule, depth: number, expected: string, found: string): ChainStep {
  return { rule, depth, passed: false, expected, found };
}

/** The CAs of a path, nearest to the leaf first, each with its depth. */
export function casOf({ path }: JudgedPath): readonly (readonly [number, Certificate])[] {
  return [...path.entries()].slice(1);
}
