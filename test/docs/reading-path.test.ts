import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

test('the reading path in docs/design.md names each file once, and each name means one file', () => {
  expect(files.filter((name, index) => files.indexOf(name) !== index)).toEqual([]);
  const unclear = files.filter((name) => {
    const file = /\.(mjs|yaml)$/.test(name) ? name : `${name}.ts`;
    return sources.filter((path) => path.endsWith(`/${file}`)).length !== 1;
  });
  expect(unclear).toEqual([]);
});

test('the reading path returns only to files that are open already', () => {
  const unopened = returns.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)));
  expect(unopened).toEqual([]);
});

test('the reading path states its length, with at most 70 files and 15 returns', () => {
  expect(section).toContain(`That is ${files.length} files and ${returns.length} returns.`);
  expect(files.length).toBeLessThanOrEqual(70);
  expect(returns.length).toBeLessThanOrEqual(15);
});
