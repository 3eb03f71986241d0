import { expect, test } from 'vitest';
import { type Part, wordDifference } from '../../../reports/html/page/compare/word-difference.ts';

/** Writes changed parts in brackets. */
function marked(parts: readonly Part[]): string {
  return parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('');
}

test.each([
  [
    'validity=P90D, transport=mqtt',
    'validity=P2Y, transport=mqtt',
    'validity=[P90D], transport=mqtt',
    'validity=[P2Y], transport=mqtt',
  ],
  ['same', 'same', 'same', 'same'],
  ['', 'new', '', '[new]'],
  ['assigned to hub-eu', 'assigned to hub-us', 'assigned to [hub-eu]', 'assigned to [hub-us]'],
])('`wordDifference` marks the words that differ between "%s" and "%s"', (one, other, left, right) => {
  expect(wordDifference(one, other).map(marked)).toEqual([left, right]);
});

test('`wordDifference` marks a very long text as a whole', () => {
  const long = 'word '.repeat(5000);
  expect(wordDifference(long, 'word')[0]).toEqual([{ text: long, changed: true }]);
});
