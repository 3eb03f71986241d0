import type { BaselineOutcome } from './baseline-shape.ts';

/** A registration attempt whose outcome differs from the outcome in the baseline. */
export interface OutcomeChange {
  /** Name of the device. From the second attempt of a device on, the name includes the number of the attempt. */
  readonly name: string;
  readonly kind: 'outcome' | 'check' | 'error-code';
  /** The outcome in the baseline; undefined if the baseline does not have the attempt. */
  readonly was: BaselineOutcome | undefined;
  /** The outcome in the present run; undefined if the run does not have the attempt. */
  readonly is: BaselineOutcome | undefined;
}

/**
 * Returns the attempts whose outcome, hub, deciding check or error code differs. Compares the attempts that have the same device and the
 * same attempt number.
 */
export function outcomeChanges(
  old: readonly BaselineOutcome[],
  now: readonly BaselineOutcome[],
): readonly OutcomeChange[] {
  const [former, latter] = [numbered(old), numbered(now)];
  const names = [...new Set([...former.keys(), ...latter.keys()])];
  return names.flatMap((name): readonly OutcomeChange[] => {
    const [was, is] = [former.get(name), latter.get(name)];
    const kind = was === undefined || is === undefined ? 'outcome' : kindOf(was, is);
    return kind === undefined ? [] : [{ name, kind, was, is }];
  });
}

function kindOf(was: BaselineOutcome, is: BaselineOutcome): OutcomeChange['kind'] | undefined {
  if (was.outcome !== is.outcome || was.hub !== is.hub) return 'outcome';
  if (was.check !== is.check) return 'check';
  return was.errorCode === is.errorCode ? undefined : 'error-code';
}

function numbered(outcomes: readonly BaselineOutcome[]): ReadonlyMap<string, BaselineOutcome> {
  const made = new Map<string, number>();
  const found = new Map<string, BaselineOutcome>();
  for (const outcome of outcomes) {
    for (let visit = 0; visit < (outcome.visits ?? 1); visit++) {
      const count = (made.get(outcome.device) ?? 0) + 1;
      made.set(outcome.device, count);
      found.set(count === 1 ? outcome.device : `${outcome.device}, attempt ${count},`, outcome);
    }
  }
  return found;
}

/** Describes an outcome: `refused by token-signature-matches (401000)`. */
export function outcomeText(outcome: BaselineOutcome | undefined): string {
  if (outcome === undefined) return 'absent';
  const { hub, check, errorCode } = outcome;
  const where = hub === undefined ? '' : ` to ${hub}`;
  const by = check === undefined ? '' : ` by ${check}`;
  return `${outcome.outcome}${where}${by}${errorCode === undefined ? '' : ` (${errorCode})`}`;
}
