import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../core/time/clock.ts';
import { firstFailed, hasFailedCheck } from '../../../core/history/decision.ts';
import { History } from '../../../core/history/history.ts';
import { mutationResultOf } from '../../../core/run/mutation-result.ts';
import type { VerdictKind } from '../../../core/run/run.ts';

describe('a disabled check', () => {
  const history = new History(new VirtualClock(0), { sabotage: 'token-fresh' });

  test('passes if the enabled check would fail, and is then marked as disabled', () => {
    const trace = history.trace('dps', 'meter', 'registration');
    expect(trace.check('token-fresh', false, 'fresh', 'stale')).toBe(true);
    const [result] = trace.decision().checks;
    expect(result).toEqual({ check: 'token-fresh', passed: true, expected: 'fresh', found: 'stale', sabotaged: true });
    expect(firstFailed(trace.decision())).toBeUndefined();
    expect(hasFailedCheck(trace.decision())).toBe(true);
  });

  test('is not marked as disabled if the enabled check would pass', () => {
    const trace = history.trace('hub', 'meter', 'connection');
    expect(trace.check('token-fresh', true, 'fresh', 'fresh')).toBe(true);
    expect(trace.decision().checks[0]).not.toHaveProperty('sabotaged');
    expect(hasFailedCheck(trace.decision())).toBe(false);
  });

  test('does not affect other checks, and does not affect the same check in another run', () => {
    expect(history.trace('dps', 'meter', 'registration').check('token-well-formed', false, 'one', 'none')).toBe(false);
    const other = new History(new VirtualClock(0)).trace('dps', 'meter', 'registration');
    expect([other.check('token-fresh', false, 'fresh', 'stale'), other.isDisabled('token-fresh')]).toEqual([
      false,
      false,
    ]);
  });
});

describe('the mutation result of a scenario', () => {
  test.each<[VerdictKind, boolean, string]>([
    ['fail', true, 'noticed'],
    ['pass', true, 'unnoticed'],
    ['pass', false, 'untouched'],
    ['fail', false, 'untouched'],
    ['unknown', true, 'unknown'],
    ['skipped', false, 'unknown'],
  ])(
    'depends on the verdict (%s) and on whether the disabled check would have failed (%s): "%s"',
    (kind, isOverlooked, notice) => {
      const history = new History(new VirtualClock(0), isOverlooked ? { sabotage: 'token-fresh' } : {});
      const trace = history.trace('dps', 'meter', 'registration');
      trace.check('token-fresh', false, 'fresh', 'stale');
      history.record({ kind: 'decision', ...trace.decision() });
      expect(mutationResultOf({ verdict: { kind, reason: '' }, history: history.events() })).toBe(notice);
    },
  );
});
