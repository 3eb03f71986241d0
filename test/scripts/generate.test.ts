import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const generate = (...words: readonly string[]) =>
  promisify(execFile)(process.execPath, ['scripts/generate.mjs', ...words]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );

test('`npm run generate` writes every file that `.gitattributes` marks as generated', async () => {
  const { code, stdout } = await generate('--list');
  expect(code).toBe(0);
  const marked = readFileSync('.gitattributes', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith(' linguist-generated') && !line.startsWith('package-lock.json'))
    .map((line) => line.replace(' linguist-generated', ''));
  expect(marked.length).toBeGreaterThan(4);
  const made = stdout.split(/[\s,]+/);
  for (const file of marked) {
    const pattern = new RegExp(`^${file.replaceAll('.', String.raw`\.`).replaceAll('*', '.+')}$`);
    expect(
      made.some((one) => one === file || pattern.test(one)),
      file,
    ).toBe(true);
  }
});

test('`npm run generate` refuses an unknown part and names the known parts', async () => {
  expect(await generate('--only', 'schemas,word')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'generate: unknown part "word"; the parts are schemas, words, training, guide, mutation, pictures, sdks, durations\n',
  });
});
