import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commands } from '../../cli/commands/index.ts';

const pages = ['docs/start.md', 'docs/training.md', 'docs/serve.md', 'docs/serve-sdks.md', 'docs/ci.md', 'README.md'];

/** Every command line of `rehearse` in the code blocks of a page, as words; placeholders such as [files] are no line to play. */
function commandLines(page: string): readonly (readonly string[])[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) =>
      line
        .replace(/\s#.*$/, '')
        .replace(/^sudo /, '')
        .trim(),
    )
    .filter((line) => line.startsWith('npx rehearse ') && !/[[\]|]| (FILE|OLD|FOLDER|SCENARIO)\b/.test(line))
    .map((line) => line.split(/\s+/).slice(2));
}

describe.each(pages)('%s', (page) => {
  test('every link leads to a file', () => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  test('every command is one that there is, with options that it has', () => {
    for (const [name = '', ...words] of commandLines(page)) {
      const program = new Command().exitOverride();
      for (const add of commands) add(program);
      const command = program.commands.find((one) => one.name() === name);
      expect(command, `rehearse ${name}`).toBeDefined();
      const known = [...(command?.options ?? []), ...(command?.commands ?? []).flatMap(({ options }) => options)];
      for (const word of words.filter((one) => one.startsWith('--'))) {
        const option = word.split('=')[0];
        expect(
          known.map(({ long }) => long),
          `rehearse ${name} ${word}`,
        ).toContain(option);
      }
      for (const word of words.filter((one) => one.startsWith('scenarios'))) {
        expect(existsSync(word), `${page}: ${word}`).toBe(true);
      }
    }
  });
});

describe('docs/training.md', () => {
  const lessons = readFileSync('docs/training.md', 'utf8')
    .split(/^## (?=\d\. )/m)
    .slice(1)
    .map((text) => text.split(/^---$/m)[0] ?? '');

  test('has five lessons', () => {
    expect(lessons).toHaveLength(5);
  });

  test.each(lessons.map((text) => [text.split('\n', 1)[0] ?? '', text]))(
    '%s: takes 45 minutes, flips a choice and says what to take home',
    (_title, text) => {
      const minutes = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, count]) => Number(count));
      expect(minutes.reduce((sum, count) => sum + count, 0)).toBe(45);
      expect(text).toMatch(/Flip/);
      expect(text).toMatch(/^Take home: /m);
      expect([...text.matchAll(/\]\(\.\.\/scenarios\//g)].length).toBeGreaterThan(0);
    },
  );

  test('what is named in a lesson stands in a scenario of it', () => {
    for (const text of lessons) {
      const files = [...text.matchAll(/\]\(\.\.\/(scenarios\/[^)]+)\)/g)]
        .map(([, file = '']) => readFileSync(file, 'utf8'))
        .join('\n');
      const checks = [...text.matchAll(/\*([^*\n]{8,})\*/g)]
        .map(([, words = '']) => words)
        .filter((words) => words !== 'What lies where it should not');
      for (const variant of checks) expect(files, `*${variant}*`).toContain(variant);
    }
  });
});
