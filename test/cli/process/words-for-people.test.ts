import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isColourWanted } from '../../../cli/process/is-colour-wanted.ts';
import { pathWord } from '../../../cli/process/path-word.ts';
import { shellCommand } from '../../../cli/process/shell-command.ts';

describe('`shellCommand`', () => {
  test.each(['plain', 'with space', "it's", '$HOME `id` "x" \\', '^a#b ', ''])(
    'quotes %j so that a shell reads it unchanged',
    (word) => {
      expect(execFileSync('sh', ['-c', shellCommand(['printf', '%s', word])], { encoding: 'utf8' })).toBe(word);
    },
  );
});

test.each([
  ['-a.yaml', './-a.yaml'],
  ['a/-b.yaml', 'a/-b.yaml'],
])('`pathWord` writes the path %s so that a command does not read it as an option', (path, word) => {
  expect(pathWord(path)).toBe(word);
});

describe('`isColourWanted`', () => {
  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [{}, { FORCE_COLOR: '', NO_COLOR: '1' }, true],
    [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
  ])('for the stream %j and the environment %j returns %j', (stream, env, wanted) => {
    expect(isColourWanted(stream, env)).toBe(wanted);
  });
});
