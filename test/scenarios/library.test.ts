import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isMap, parse } from './parse-scenario.ts';
import { shipped } from './shipped.ts';
import { shapeOf, similarity } from './similarity.ts';

const files = [...new Set(shipped().map(({ file }) => file))];
const textOf = (file: string): string => readFileSync(file, 'utf8');

describe('the shipped scenarios', () => {
  test('are at least 60 files with at least 110 variants', () => {
    expect(files.length).toBeGreaterThanOrEqual(60);
    expect(shipped().length).toBeGreaterThanOrEqual(110);
  });

  test.each(files)('include %s, which has a story and something to remember', (file) => {
    const { story, teaches, covers } = shipped().find((one) => one.file === file) ?? {};
    expect(story?.trim()).toMatch(/\S+ \S+ \S+/);
    expect(teaches?.trim()).toMatch(/\S+ \S+ \S+/);
    expect(covers).not.toEqual([]);
  });

  test('are no copies of each other', () => {
    const shapes = files.map((file) => ({ file, shape: shapeOf(textOf(file)) }));
    const copies = shapes.flatMap((a, index) =>
      shapes
        .slice(index + 1)
        .filter((b) => similarity(a.shape, b.shape) > copied)
        .map((b) => `${a.file} and ${b.file}: ${similarity(a.shape, b.shape).toFixed(2)}`),
    );
    expect(copies).toEqual([]);
  });
});

/** The similarity above which a scenario counts as a copy. The most similar shipped scenarios are below 0.5. */
const copied = 0.6;

describe('the test for copied scenarios detects a copy', () => {
  const original = textOf('scenarios/warehouse/leaf-expires.yaml');

  test('with other names', () => {
    const renamed = original.replaceAll('thermostat', 'door-lock').replaceAll('factory-ca', 'our-ca');
    expect(renamed).not.toBe(original);
    expect(similarity(shapeOf(original), shapeOf(renamed))).toBe(1);
  });

  test('with another title, story and one more variant', () => {
    const { matrix: variants, ...rest } = parse(original);
    const told = { ...rest, title: 'Something else', story: 'It rains.', teaches: 'Take a coat.' };
    const matrix = [...(Array.isArray(variants) ? variants : []), { validity: 'P9Y', transport: 'amqp' }];
    const copy = JSON.stringify({ ...told, matrix });
    expect(similarity(shapeOf(original), shapeOf(copy))).toBeGreaterThan(copied);
  });

  test('but does not report a similar scenario', () => {
    const neighbour = textOf('scenarios/warehouse/intermediate-expires.yaml');
    expect(isMap(parse(neighbour))).toBe(true);
    expect(similarity(shapeOf(original), shapeOf(neighbour))).toBeLessThan(copied);
  });
});
