import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('`CONTRIBUTING.md` names each page with generated pictures, and each picture is used on a page', () => {
  const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((page) =>
    page.endsWith('.md'),
  );
  const shownOn = (picture: string): string[] =>
    pages.filter((page) => readFileSync(page, 'utf8').includes(`pictures/${picture})`));
  const withPictures = new Set(readdirSync('docs/pictures').map(shownOn).flat());
  expect(readdirSync('docs/pictures').filter((picture) => shownOn(picture).length === 0)).toEqual([]);
  const line = readFileSync('CONTRIBUTING.md', 'utf8')
    .split('\n')
    .find((one) => one.includes('npm run pictures'));
  const named = pages.filter((page) => line?.includes(` ${page}`));
  expect(named.toSorted()).toEqual([...withPictures].toSorted());
});
