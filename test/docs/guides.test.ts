import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commands } from '../../cli/main.ts';
import { loadFiles } from '../../cli/files/load-files.ts';
import { makePlan } from '../../cli/run/plan.ts';
import type { Grep } from '../../cli/option-words.ts';
import { isCheckId } from '../../core/checks.ts';
import { commandLines } from './command-lines.ts';
import { rehearseWords } from './rehearse-words.ts';

const pages = [
  'docs/start.md',
  'docs/training.md',
  'docs/serve.md',
  'docs/serve-sdks.md',
  'docs/ci.md',
  'docs/commands.md',
  'docs/style.md',
  'docs/design.md',
  'docs/adding-a-step.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'README.md',
];

/** Returns the lines of a page that call `rehearse`, split into words, except lines with placeholders such as [files]. */
function linesOf(page: string): readonly (readonly string[])[] {
  return commandLines(page)
    .filter((line) => !/[[\]|]| (FILE|OLD|FOLDER|SCENARIO)\b/.test(line))
    .flatMap((line) => {
      const words = rehearseWords(line);
      return words === undefined ? [] : [words];
    });
}

/**
 * Parses a command line with the parser of `rehearse`. Returns the command, its paths and its options. Throws if the command line is
 * invalid.
 */
async function asked(words: readonly string[]): Promise<Asked> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const add of commands) add(program);
  const found: Asked[] = [];
  const watch = (command: Command): void => {
    if (command.commands.length > 0) return command.commands.forEach(watch);
    command.action(() => void found.push({ name: command.name(), paths: command.args, options: command.opts() }));
  };
  watch(program);
  await program.parseAsync(words, { from: 'user' });
  const [only] = found;
  if (only === undefined) throw new Error(`rehearse ${words.join(' ')} runs no command`);
  return only;
}

interface Asked {
  readonly name: string;
  readonly paths: readonly string[];
  readonly options: { readonly grep?: Grep };
}

describe.each(pages)('the page %s', (page) => {
  test('has only links that lead to a file', () => {
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  test('has only commands that exist and whose files exist', async () => {
    for (const words of linesOf(page)) {
      const { name, paths, options } = await asked(words);
      const shipped = paths.filter((path) => path.startsWith('scenarios') && !path.includes('#'));
      for (const path of shipped) expect(existsSync(path), `${page}: ${path}`).toBe(true);
      if (options.grep !== undefined) {
        const plan = makePlan(loadFiles(shipped), { grep: options.grep, timeLimit: 1 });
        expect(plan.scenarios.length, `${page}: --grep ${options.grep.text}`).toBeGreaterThan(0);
      }
      if (name === 'explain' && paths[0]?.startsWith('scenarios') === true) {
        const [file = ''] = paths[0].split('#');
        const ids = loadFiles([`${file}.yaml`]).scenarios.map(({ id }) => id);
        expect(ids, `${page}: explain ${paths[0]}`).toContain(paths[0]);
      }
    }
  });
});

describe('`docs/training.md`', () => {
  const lessons = readFileSync('docs/training.md', 'utf8')
    .split(/^## (?=\d\. )/m)
    .slice(1)
    .map((text) => text.split(/^---$/m)[0] ?? '');

  test('has five lessons', () => {
    expect(lessons).toHaveLength(5);
  });

  test.each(lessons.map((text) => [text.split('\n', 1)[0] ?? '', text]))(
    'has the lesson "%s", which takes 45 minutes, changes a choice, and states what to remember',
    (_title, text) => {
      const minutes = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, count]) => Number(count));
      expect(minutes.reduce((sum, count) => sum + count, 0)).toBe(45);
      expect(text).toMatch(/^Goal: /m);
      expect(text).toMatch(/Change the /);
      expect(text).toMatch(/^Take home: /m);
      expect(text).toMatch(/^npx dps-rehearsal studio /m);
      expect(text).toMatch(/^npx dps-rehearsal run .* --grep /m);
      expect(text).toMatch(/^npx dps-rehearsal explain /m);
      expect([...text.matchAll(/\]\(\.\.\/scenarios\//g)].length).toBeGreaterThan(0);
    },
  );

  test('uses in a lesson only names from the scenarios of the lesson', () => {
    for (const text of lessons) {
      const files = [...text.matchAll(/\]\(\.\.\/(scenarios\/[^)]+)\)/g)]
        .map(([, file = '']) => readFileSync(file, 'utf8'))
        .join('\n');
      const checks = [...text.matchAll(/\*([^*\n]{8,})\*|the variant `([^`\n]+)`/g)]
        .map(([, emphasised, quoted]) => emphasised ?? quoted ?? '')
        .filter((words) => words !== 'Exposed secrets');
      for (const variant of checks) expect(files, `*${variant}*`).toContain(variant);
    }
  });

  test('names only existing checks', () => {
    for (const text of lessons) {
      const [, sentence = ''] = /^Look at: (.*)$/m.exec(text) ?? [];
      const named = [...sentence.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, check = '']) => check);
      expect(named.filter((check) => !isCheckId(check))).toEqual([]);
    }
  });
});
