import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync('docs/design.md', 'utf8');
const section = /## Reading path\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
const stages = [...section.matchAll(/^\| [A-Z][^|]* \| (.*) \|$/gm)].map(([, names = '']) => names);
const names = stages.filter((row) => row !== 'Files').flatMap((row) => row.split(', '));
const files = names.filter((name) => !name.endsWith('′'));
const returns = names.filter((name) => name.endsWith('′')).map((name) => name.slice(0, -1));

const sources = ['cli', 'core', 'mocks', 'reports', 'sim', 'scenarios'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => `/${join(folder, path)}`),
);

/** Returns the paths of the source files to which a name in the reading path can refer. */
function pathsOf(name: string): readonly string[] {
  const file = /\.(mjs|yaml)$/.test(name) ? name : `${name}.ts`;
  return sources.filter((path) => path.endsWith(`/${file}`)).map((path) => path.slice(1));
}

/** Returns the paths of the source files that a source file imports. Includes imports of types and dynamic imports. */
function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, to = '']) => normalize(join(dirname(path), to)));
}

test('the reading path in `docs/design.md` names each file once, and each name identifies exactly one file', () => {
  expect(files.filter((name, index) => files.indexOf(name) !== index)).toEqual([]);
  expect(files.filter((name) => pathsOf(name).length !== 1)).toEqual([]);
});

test('each file of the reading path after `cli/main.ts`, except `reports/terminal.ts`, is imported by another file of the path', () => {
  const paths = files.map((name) => pathsOf(name)[0] ?? '');
  const imported = new Set(paths.flatMap(importsOf));
  const [, , main, ...others] = paths;
  expect(main).toBe('cli/main.ts');
  // `rehearse` imports a report by its name, so no file imports the path of this report.
  expect(others.filter((path) => !imported.has(path))).toEqual(['reports/terminal.ts']);
});

test('the reading path sends the reader back only to files that the path lists', () => {
  const unopened = returns.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)));
  expect(unopened).toEqual([]);
});

test('the reading path states its length: at most 70 files, and at most 15 returns to an earlier file', () => {
  expect(section).toContain(`That is ${files.length} files and ${returns.length} returns.`);
  expect(files.length).toBeLessThanOrEqual(70);
  expect(returns.length).toBeLessThanOrEqual(15);
});
