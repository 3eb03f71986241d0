import type { Millis } from '../../time/clock.ts';
import type { Certificate } from '../certificate.ts';
import type { ChainRule, ChainStep, IsRuleDisabled, Purpose } from '../chain-rules.ts';
import type { WorkMeter } from '../limits.ts';

/** A path from the leaf to a trusted certificate, with the settings of the verification. Each certificate is signed by the next. */
export interface JudgedPath {
  readonly path: readonly Certificate[];
  readonly at: Millis;
  readonly purpose: Purpose;
  readonly checkAnchorValidity: boolean;
  readonly meter: WorkMeter;
  readonly isDisabled: IsRuleDisabled;
}

/**
 * Checks one rule of RFC 5280 section 6 for a whole path. If the path breaks the rule, the last returned step is the failed
 * one.
 */
export type PathRule = (judged: JudgedPath) => readonly ChainStep[];

/** Creates the step of a rule that the whole path meets. */
export function passedStep(rule: ChainRule, { path }: JudgedPath, expected: string, found: string): ChainStep {
  return { rule, depth: path.length - 1, passed: true, expected, found };
}

/** Returns the steps up to the first one that makes the verdict negative. Marks failed steps of disabled rules as disabled. */
export function untilBroken(steps: readonly ChainStep[], isDisabled: IsRuleDisabled): readonly ChainStep[] {
  const marked = steps.map((step) =>
    !step.passed && isDisabled(step.rule, step.depth) ? ({ ...step, disabled: true } as const) : step,
  );
  const broken = marked.findIndex(isBroken);
  return broken === -1 ? marked : marked.slice(0, broken + 1);
}

/** Returns true if this step makes the verdict negative. */
export function isBroken({ passed: hasPassed, disabled }: ChainStep): boolean {
  return !hasPassed && disabled !== true;
}

/** Creates the step of a rule that one certificate breaks. */
export function failedStep(rule: ChainRule, depth: number, expected: string, found: string): ChainStep {
  return { rule, depth, passed: false, expected, found };
}

/** Returns the CAs of a path with their depths, starting with the issuer of the leaf. */
export function casOf({ path }: Pick<JudgedPath, 'path'>): readonly (readonly [number, Certificate])[] {
  return [...path.entries()].slice(1);
}
