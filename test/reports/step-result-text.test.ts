import { expect, test } from 'vitest';
import type { Assertion } from '../../core/run/run.ts';
import { stepResultText } from '../../reports/sentences/step-result-text.ts';

type Actual = Partial<Record<Assertion['word'], Assertion['actual']>>;

const refusedBy = (check: string): Assertion['actual'] => ({ outcome: 'refused', check });

function assertionsOf(actual: Actual): readonly Assertion[] {
  return Object.entries(actual).map(([word, value]) => ({
    word: word as Assertion['word'],
    expected: value,
    ...(value === undefined ? {} : { actual: value }),
    passed: true,
  }));
}

test.each<[string, Actual]>([
  ['not refused', { done: { outcome: 'done' } }],
  ['not refused', { done: undefined }],
  ['refused by `ek-list-sound`', { refused: refusedBy('ek-list-sound') }],
  ['none caught', { caught: {} }],
  ['none caught and 10 shipped', { caught: {}, shipped: 10 }],
  [
    '1 caught by `credential-present`, 2 caught by `client-configured` and none shipped',
    { caught: { 'credential-present': 1, 'client-configured': 2 }, shipped: 0 },
  ],
  ['4 shipped, 1 scrapped, 2 rejected and 3 surplus units', { shipped: 4, scrapped: 1, rejected: 2, offTheBooks: 3 }],
  [
    'refused by `audit-matches`, with 2 built beyond the order, none enrolled without an entry in the audit trail and 1 enrolled though scrapped',
    { refused: refusedBy('audit-matches'), overproduced: 2, unaudited: 0, scrappedButEnrolled: 1 },
  ],
  [
    'DPS rejects the attacker at once, the hub rejects the attacker after 1 day and 1 honest device affected',
    { outOfDps: 'PT0S', outOfHub: 'P1D', hurt: 1 },
  ],
  ['the hub never rejects the attacker and no honest devices affected', { outOfHub: 'never', hurt: 0 }],
  ['no signal', { signals: [] }],
  ['signal `a` and signal `b`', { signals: ['a', 'b'] }],
  ['1 identity taken over', { impersonated: 1 }],
])('`stepResultText` describes the asserted values of a step in which no device registers: %s', (text, actual) => {
  expect(stepResultText(assertionsOf(actual))).toBe(text);
});

test('`stepResultText` omits values that the author did not assert, because such values differ by seed', () => {
  expect(stepResultText(assertionsOf({ shipped: 9 }))).toBe('9 shipped');
});
