import { describe, expect, test } from 'vitest';
import { codeFrame, codeFramesOf } from '../../../sim/scenario/mistakes/code-frame.ts';
import { loadScenarios, type Loaded } from '../../../sim/scenario/load.ts';
import { suggest } from '../../../sim/scenario/mistakes/suggest.ts';
import { steps } from '../../../sim/steps/index.ts';

const head = 'title: T\ndevices: { it: { attestation: symmetricKey } }\n';
const step = '  - power-on: it\n    expect: { refused: enrollment-exists }\n';
const load = (text: string): Loaded => loadScenarios('many.yaml', text, { steps, topics: [] });

function messages(loaded: Loaded): string[] {
  return loaded.ok ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a file with very many mistakes', () => {
  test('is checked until a maximum number of mistakes, and a final mistake reports that limit', () => {
    const told = messages(load(`${head}timeline:\n${'  - foo-bar: it\n'.repeat(20_000)}`));
    expect(told).toHaveLength(1002);
    expect(told[1]).toMatch(/^4:5 unknown step "foo-bar"/);
    expect(told).toContainEqual(
      expect.stringMatching(/^1004:.*more than 1000 mistakes; the rest of the file is not checked/),
    );
  });

  test('is checked with one limit for all variants together', () => {
    const variants = Array.from({ length: 900 }, (_, at) => `  - { w: x${at} }\n`).join('');
    const told = messages(
      load(`${head}timeline:\n${step}    after: "\${w}"\n${step}    after: "\${w}"\nmatrix:\n${variants}`),
    );
    expect(told.length).toBeGreaterThan(200);
    expect(told.length).toBeLessThan(1000);
  });

  test('of a hundred thousand words reports each duplicate', () => {
    const words = Array.from({ length: 100_000 }, (_, at) => `w${at}: 1\n`).join('');
    const told = messages(load(`${head}${words}w7: 2\nw99999: 2\n`));
    expect(told).toEqual([
      '100003:1 the word "w7" occurs twice in this map; keep one of them',
      '100004:1 the word "w99999" occurs twice in this map; keep one of them',
    ]);
  });
});

test('`codeFramesOf` splits a text only once for many code frames, and makes the same frames as `codeFrame`', () => {
  let splits = 0;
  const text = new Proxy(new String('one\ntwo\nthree'), {
    get: (target, name) => {
      if (name === 'split') splits++;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as unknown as string;
  const frames = codeFramesOf({ 'a.yaml': text });
  const places = [1, 2, 3, 2, 1];
  expect(places.map((line) => frames('a.yaml', line, 2))).toEqual(
    places.map((line) => codeFrame('one\ntwo\nthree', { line, column: 2 })),
  );
  expect(splits).toBe(1);
  expect(frames('b.yaml', 1, 1)).toBe('');
  expect(frames('constructor', 1, 1)).toBe('');
});

test('`suggest` gives no suggestion from a list of more than a thousand words, or for a word of more than 200 characters', () => {
  const known = Array.from({ length: 1000 }, (_, at) => `device-${at}`);
  expect(suggest('device-1x', known)).toContain('did you mean');
  expect(suggest('device-1x', [...known, 'one more'])).toBe('');
  expect(suggest('d'.repeat(201), known)).toBe('');
});
