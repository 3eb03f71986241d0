import { expect, test } from 'vitest';
import { blastText } from '../../reports/sentences/blast-text.ts';

test('`blastText` lists at most six impersonated devices, all in one line', () => {
  const names = Array.from({ length: 8 }, (_, index) => `unit-${index + 1}`);
  expect(blastText({ loot: 'disk', tried: names, candidates: 8, impersonated: [] })).toBe(
    'blast radius of disk: 0 of 8 identities',
  );
  expect(blastText({ loot: 'disk', tried: names, candidates: 40, impersonated: names })).toBe(
    'blast radius of disk: 8 of 8 identities, tried as a sample of 40 (unit-1, unit-2, unit-3, unit-4, unit-5, unit-6, …)',
  );
});
