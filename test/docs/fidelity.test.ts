import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultFidelity, fidelitySwitches } from '../../core/cloud/fidelity.ts';
import { problems } from '../../core/wire/problems.ts';

const document = readFileSync('docs/fidelity.md', 'utf8');
const head = '| behaviour | what the real service does | what the mock does | source | switch if unconfirmed |';

/** A parsed row. */
interface Row {
  readonly line: string;
  readonly cells: readonly string[];
}

const tableLines = document.split('\n').filter((line) => line.startsWith('|'));
const rows: readonly Row[] = tableLines
  .filter((line) => line !== head && !line.startsWith('|---'))
  .map((line) => ({
    line,
    cells: line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  }));

/** Returns the fidelity switches in a row, each with its options. The first option is the default. */
function switchesIn(row: Row): readonly (readonly [string, readonly string[]])[] {
  const cell = row.cells[4] ?? '';
  if (cell === '') return [];
  return cell.split('; ').map((one) => {
    const [, name = '', options = ''] = /^`(\w+)`: (.+)$/.exec(one) ?? [];
    return [name, options.split(', ').map((option) => option.replaceAll('`', ''))] as const;
  });
}

describe('`docs/fidelity.md`', () => {
  test('has the same five columns in every table', () => {
    expect(readdirSync('docs').filter((name) => name.startsWith('fidelity'))).toEqual(['fidelity.md']);
    for (const { line, cells } of rows) expect([line, cells.length]).toEqual([line, 5]);
    const sections = document.split('\n').filter((line) => line.startsWith('## ')).length;
    expect(tableLines.filter((line) => line === head)).toHaveLength(sections);
    expect(rows.length).toBeGreaterThan(200);
  });

  test('gives the behaviour of Azure, the behaviour of the mock and a source in every row', () => {
    for (const { line, cells } of rows)
      expect([line, cells.slice(0, 4).every((cell) => cell !== '')]).toEqual([line, true]);
  });

  test('names each behaviour only once in a section', () => {
    for (const section of document.split('\n## ').slice(1)) {
      const names = section.split('\n').flatMap((line) => /^\| (?!behaviour )(.+?) \|/.exec(line)?.[1] ?? []);
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test.each(Object.entries(fidelitySwitches))(
    'lists the switch %s with its options, the default first',
    (name, { options }) => {
      const said = rows.flatMap((row) => switchesIn(row).filter(([each]) => each === name));
      expect(said.length).toBeGreaterThan(0);
      for (const each of said) expect(each).toEqual([name, options]);
      expect(options[0]).toBe(defaultFidelity[name as keyof typeof defaultFidelity]);
    },
  );

  test('names only existing switches', () => {
    const named = rows.flatMap((row) => switchesIn(row).map(([name]) => `${name} in: ${row.line}`));
    expect(named.filter((one) => !Object.hasOwn(fidelitySwitches, one.split(' ', 1)[0] ?? ''))).toEqual([]);
  });

  /** The problems whose error code, message or time `core/wire/problems.ts` marks as not documented by Azure. */
  const ours = [
    ...readFileSync('core/wire/problems.ts', 'utf8').matchAll(/\/\*\* Not documented[^*]*\*\/\n {2}(\w+): \{/g),
  ].map(([, name = '']) => name);

  test.each(Object.entries(problems))(
    'has the status, the error code and the message of the refusal %s',
    (name, problem) => {
      const row = rows.find(({ cells }) => cells[0] === `\`${name}\``);
      expect(row?.cells[2]).toBe(`${problem.status}, ${problem.errorCode} "${problem.message}"`);
      if (ours.includes(name)) expect(row?.cells[3]).toContain('ours');
    },
  );

  test('lists the refusals that the code marks as not documented by Azure', () => {
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.filter((name) => !Object.hasOwn(problems, name))).toEqual([]);
  });

  test('is linked from the pages where readers start', () => {
    for (const file of ['README.md', 'ARCHITECTURE.md'])
      expect(readFileSync(file, 'utf8')).toContain('(docs/fidelity.md)');
  });
});
