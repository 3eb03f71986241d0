import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { WordName } from '../../core/run/expectations/index.ts';
import { attacks } from '../../sim/attacks/catalogue.ts';
import { shipped } from './shipped.ts';

/** The properties of `expect` that count identities, boards or devices. */
const countWords: readonly WordName[] = [
  'shipped',
  'scrapped',
  'rejected',
  'offTheBooks',
  'overproduced',
  'unaudited',
  'scrappedButEnrolled',
  'impersonated',
  'hurt',
];

describe('every attack succeeds on one design and fails on another', () => {
  test.each(attacks)('$id', ({ id }) => {
    const own = shipped().filter(({ attack }) => attack === id);
    const shows = (wanted: string) => own.filter((one) => one.shows === wanted);
    expect(shows('wrong'), `no scenario shows ${id} succeed`).not.toEqual([]);
    expect(shows('well'), `no scenario shows ${id} fail`).not.toEqual([]);
    // In a variant in which the attack fails, at least one expectation names a check or a number that shows the effect of the defence.
    const deciding = shows('well').flatMap(({ timeline }) =>
      timeline.flatMap(({ expect: wanted }) => (wanted === undefined ? [] : [wanted.words])),
    );
    expect(
      deciding.some(
        (words) =>
          typeof words.refused === 'string' ||
          words.caught !== undefined ||
          countWords.some((word) => words[word] !== undefined),
      ),
      `no expectation names what keeps ${id} out`,
    ).toBe(true);
  });

  test.each(attacks)('$id succeeds and fails in two variants of one file that differ in only one choice', ({ id }) => {
    const files = new Set(shipped().flatMap(({ attack, file }) => (attack === id ? [file] : [])));
    const distances = [...files].flatMap((file) => distancesIn(file));
    expect(Math.min(...distances)).toBe(1);
  });
});

/** Returns, for each pair of a failing and a passing variant, the number of choices in which they differ. */
function distancesIn(file: string): readonly number[] {
  const text = readFileSync(file, 'utf8');
  const { matrix } = parse(text) as { matrix?: readonly Readonly<Record<string, unknown>>[] };
  const variants = shipped().filter((one) => one.file === file);
  if (!Array.isArray(matrix) || matrix.length !== variants.length) return [];
  const rows = matrix.map((row: Readonly<Record<string, unknown>>, index) => ({ row, shows: variants[index]?.shows }));
  const expected = new Set([...text.matchAll(/expect: (.*)$/gm)].flatMap(([, words = '']) => wordsIn(words)));
  const choices = Object.keys(Object.assign({}, ...matrix)).filter(
    (word) => word !== 'name' && word !== 'shows' && !expected.has(word),
  );
  const distance = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): number =>
    choices.filter((word) => JSON.stringify(a[word]) !== JSON.stringify(b[word])).length;
  return rows
    .filter(({ shows }) => shows === 'wrong')
    .flatMap((wrong) => rows.filter(({ shows }) => shows === 'well').map((well) => distance(wrong.row, well.row)));
}

function wordsIn(expectation: string): readonly string[] {
  return [...expectation.matchAll(/\$\{([^}]+)\}/g)].map(([, word = '']) => word);
}
