import { expect, test } from 'vitest';
import type { CheckId } from '../../core/checks.ts';
import type { StepResult } from '../../core/findings/step-result.ts';
import { stepResultText } from '../../reports/sentences/step-result-text.ts';
import { failedStep } from './sample-playback.ts';

const decided = (check: CheckId, passed: boolean): Pick<StepResult, 'decision'> => ({
  decision: {
    judge: 'auditor',
    about: 'a list',
    subject: 'line',
    checks: [{ check, passed, expected: 'a', found: 'b' }],
  },
});

test.each<[string, Partial<StepResult>, string]>([
  ['done: true', decided('ek-list-sound', true), 'went through'],
  ['refused: ek-list-sound', decided('ek-list-sound', false), 'refused by `ek-list-sound`'],
  ['refused: true', decided('ek-list-sound', false), 'refused by `ek-list-sound`'],
  ['caught: {}', {}, 'none caught'],
  ['caught: {}, shipped: 10', { counts: { shipped: 10 } }, 'none caught and 10 shipped'],
  [
    'caught: {"credential-present":1,"client-configured":2}, shipped: 0',
    { caught: { 'credential-present': 1, 'client-configured': 2 }, counts: { shipped: 0, rejected: 3 } },
    '1 caught by `credential-present`, 2 caught by `client-configured` and none shipped',
  ],
  [
    'shipped: 4, scrapped: 1, rejected: 2, offTheBooks: 3',
    { counts: { shipped: 4, scrapped: 1, rejected: 2, offTheBooks: 3 } },
    '4 shipped, 1 scrapped, 2 rejected and 3 built off the books',
  ],
  [
    'refused: audit-matches, overproduced: 2, unaudited: 0, scrappedButEnrolled: 1',
    { ...decided('audit-matches', false), counts: { overproduced: 2, unaudited: 0, scrappedButEnrolled: 1 } },
    'refused by `audit-matches`, with 2 built beyond the order, none enrolled without an entry in the audit trail and 1 enrolled though scrapped',
  ],
  [
    'outOfDps: PT0S, outOfHub: P1D, hurt: 1',
    { times: { outOfDps: 'PT0S', outOfHub: 'P1D' }, counts: { hurt: 1 } },
    'attacker out of DPS at once, attacker out of the hub after 1 day and 1 honest devices hurt',
  ],
  ['outOfHub: never', { times: { outOfHub: 'never' } }, 'attacker out of the hub never'],
])('of a step in which nobody registers it is told: %s', (expected, outcome, text) => {
  const deed: StepResult = { step: 2, decision: undefined, counts: {}, times: {}, caught: {}, ...outcome };
  expect(stepResultText(failedStep('', { kind: 'pass', expected }), deed)).toBe(text);
});

test('what a line happened to do besides is not told: the next seed does otherwise', () => {
  const deed: StepResult = {
    step: 2,
    decision: undefined,
    counts: { shipped: 9, scrapped: 1 },
    times: {},
    caught: {},
  };
  expect(stepResultText(failedStep('', { kind: 'pass', expected: 'shipped: 9' }), deed)).toBe('9 shipped');
});
