import type { Millis } from '../../time/clock.ts';
import type { Certificate } from '../certificate.ts';
import type { ChainRule, ChainStep, IsRuleDisabled, Purpose } from '../chain-rules.ts';
import type { WorkMeter } from '../limits.ts';

/** A path from the leaf to a trusted certificate, each signed by the next, and the circumstances it is judged under. */
export interface JudgedPath {
  readonly path: readonly Certificate[];
  readonly at: Millis;
  readonly purpose: Purpose;
  readonly checkAnchorValidity: boolean;
  readonly meter: WorkMeter;
  readonly isDisabled: IsRuleDisabled;
}

/** Judges one rule of RFC 5280 section 6 on a whole path: steps of which one failed if the rule is broken. */
export type PathRule = (judged: JudgedPath) => readonly ChainStep[];

/** A step that passed for the whole path. */
export function passedStep(rule: ChainRule, { path }: JudgedPath, expected: string, found: string): ChainStep {
  return { rule, depth: path.length - 1, passed: true, expected, found };
}

/** The steps up to the one at which the verdict ends; those that are disabled say so. */
export function untilBroken(steps: readonly ChainStep[], isDisabled: IsRuleDisabled): readonly ChainStep[] {
  const told = steps.map((step) =>
    !step.passed && isDisabled(step.rule, step.depth) ? ({ ...step, disabled: true } as const) : step,
  );
  const broken = told.findIndex(isBroken);
  return broken === -1 ? told : told.slice(0, broken + 1);
}

/** Whether the verdict ends with this step. */
export function isBroken({ passed: isKept, disabled }: ChainStep): boolean {
  return !isKept && disabled !== true;
}

/** A step that failed at one certificate. */
export function failedStep(rule: ChainRule, depth: number, expected: string, found: string): ChainStep {
  return { rule, depth, passed: false, expected, found };
}

/** The CAs of a path, nearest to the leaf first, each with its depth. */
export function casOf({ path }: Pick<JudgedPath, 'path'>): readonly (readonly [number, Certificate])[] {
  return [...path.entries()].slice(1);
}
