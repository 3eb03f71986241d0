import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const document = readFileSync('docs/incidents.md', 'utf8');

/** Returns the cells of the numbered rows below a heading. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = document.split('\n## ').find((one) => one.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const paths = [...document.matchAll(/\[([^\]]+)\]\(\.\.\/(scenarios\/[^)]+)\)/g)].map(([, text, path]) => ({
  text,
  path: path ?? '',
}));

describe('`docs/incidents.md`', () => {
  test.each([
    ['Incidents', 1, 44],
    ['Requests', 11, 41],
  ])('has all entries of the section %s in the order of their numbers', (heading, first, last) => {
    const numbers = rowsUnder(heading).map(([number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  });

  test.each(['Incidents', 'Requests'])(
    'has a scenario for each entry of %s, or the reason why no scenario exists',
    (heading) => {
      for (const [number, thread, symptom, scenarios, remark] of rowsUnder(heading)) {
        expect([number, thread, symptom]).not.toContain('');
        expect([number, scenarios !== '' || (remark?.startsWith('Left out') ?? false)]).toEqual([number, true]);
      }
    },
  );

  test.each([...new Set(paths.map(({ path }) => path))])('names the existing file %s', (path) => {
    expect(existsSync(join('.', path)), `${path} is named in docs/incidents.md`).toBe(true);
  });

  test('names each scenario by its file', () => {
    expect(paths.length).toBeGreaterThan(0);
    for (const { text = '', path } of paths) expect(path).toBe(`scenarios/${text.replaceAll('`', '')}.yaml`);
  });
});
