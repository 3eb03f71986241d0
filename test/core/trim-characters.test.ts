import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trimBothEndsOf, trimEndOf } from '../../core/trim-characters.ts';

test('`trimCharacters` gives the same result as a regular expression for the same characters', () => {
  const text = fc.string({ unit: fc.constantFrom('-', '.', 'a', '='), maxLength: 12 });
  fc.assert(
    fc.property(text, (each) => {
      expect(trimEndOf(each, '=')).toBe(each.replace(/=+$/, ''));
      expect(trimBothEndsOf(each, '.-')).toBe(each.replace(/^[.-]+|[.-]+$/g, ''));
    }),
    { seed: 20261130 },
  );
});
