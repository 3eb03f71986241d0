import { describe, expect, test } from 'vitest';
import { complete } from '../../../cli/completion/complete.ts';
import { program } from '../../../cli/main.ts';
import { checks } from '../../../core/checks.ts';
import { reports } from '../../../reports/index.ts';

const root = program();

/** Completes the last word, and returns the words and the kind of paths that fit. */
function at(...words: string[]): { words: readonly string[]; paths: string } {
  const { candidates, paths } = complete(root, words);
  return { words: candidates.map(({ word }) => word), paths };
}

describe('the answer to a completion request of a shell', () => {
  test('has every visible command with its description', () => {
    const { candidates } = complete(root, ['']);
    const names = root.commands.map((command) => command.name()).filter((name) => name !== 'complete');
    expect(candidates.map(({ word }) => word)).toEqual([...names, 'help']);
    expect(candidates.every(({ description }) => description !== '')).toBe(true);
  });

  test.each(root.commands.map((command) => [command.name(), command] as const))(
    'for "%s --" has every option of the command',
    (name, command) => {
      const own = command.options.flatMap(({ long }) => long ?? []);
      expect(at(name, '--').words).toEqual([...own, '--help']);
    },
  );

  test.each([
    ['a command', ['ex'], ['explain']],
    ['a command inside a command', ['audit', 've'], ['verify']],
    ['choices of an option', ['report', 'x', '--as', 'm'], ['markdown']],
    ['choices of an option in the form --as=m', ['report', '--as=m'], ['--as=markdown']],
    ['choices after the "=" that bash sends as a separate word', ['report', '--as', '=', 'm'], ['markdown']],
    ['all choices for a last word "=" from bash', ['compare', '--as', '='], ['terminal', 'markdown', 'json']],
    ['choices of an argument', ['schema', 'ma'], ['matrix']],
    ['a list of reports', ['run', '--reporter', 'dot,ju'], ['dot,junit']],
    ['a list of choices', ['matrix', '--attack', 'key-leaked,st'], ['key-leaked,station-stolen']],
    ['an option after an option with a value', ['run', '--seed', '--last', '--last'], ['--last-failed']],
    ['an option after an argument', ['run', 'x.yaml', '--max'], ['--max-failures']],
    ['nothing for an option with free text', ['run', '--seed', ''], []],
    ['nothing after the last argument', ['compare', 'a', 'b', ''], []],
    ['nothing for an unknown option', ['run', '--nowhere=x'], []],
  ])('has %s', (_, words, expected) => {
    expect(at(...words).words).toEqual(expected);
  });

  test('has each check ID with its sentence, and each report', () => {
    const found = complete(root, ['run', '--sabotage', '']).candidates;
    expect(Object.fromEntries(found.map(({ word, description }) => [word, description]))).toEqual(checks);
    expect(at('run', '--reporter', '').words).toEqual(reports.map(({ name }) => name));
  });

  test.each([
    ['scenario files', ['run', ''], 'yaml'],
    ['scenario files after an option with an optional value', ['run', '--open', 'on-failure', ''], 'yaml'],
    ['scenario files after --', ['run', '--', '-'], 'yaml'],
    ['several scenario files', ['check', 'a.yaml', 'b'], 'yaml'],
    ['any file', ['run', '--baseline', 're'], 'files'],
    ['any file for an option in the form --baseline=re', ['run', '--baseline=re'], 'files'],
    ['the file of a report', ['run', '--reporter', 'junit:o'], 'files'],
    [
      'the file of a report after the ":" that bash sends as a separate word',
      ['run', '--reporter', 'junit', ':', 'o'],
      'files',
    ],
    ['a folder', ['run', '--report-dir', ''], 'folders'],
    ['nothing after the file of a report', ['run', '--reporter', 'junit', ':', 'o.xml', '--seed', ''], 'none'],
  ])('tells the shell to complete %s', (_, words, paths) => {
    expect(at(...words)).toEqual({ words: [], paths });
  });

  test('has the variants of a scenario file', () => {
    expect(at('explain', 'scenarios/warehouse/leaf-expires#').words.length).toBeGreaterThan(1);
    expect(at('explain', 'scenarios/nowhere#').words).toEqual([]);
  });
});
