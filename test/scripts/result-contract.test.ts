import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { breachesOf } from '../../scripts/result-contract/breaches-of.mjs';

const found = (source: string) =>
  breachesOf('sample.ts', source).map(({ rule, name, line }) => `${line} ${name} ${rule}`);

describe('the check that functions return failures as `Result`', () => {
  test.each([
    ['a function', 'function read(): Buffer | string {}', '1 read string-or-value'],
    ['a promise', 'async function read(): Promise<Buffer | string> {}', '1 read string-or-value'],
    ['a union of promises', 'function read(): Promise<Buffer> | Promise<string> {}', '1 read string-or-value'],
    ['an arrow function', '\nconst read = (): string | Buffer | undefined => {};', '2 read string-or-value'],
    ['a method', 'class A { read(): string | number {} }', '1 read string-or-value'],
    ['a private method', 'class A { #read(): string | A[] {} }', '1 read string-or-value'],
    ['a getter', 'class A { get text(): string | A {} }', '1 text string-or-value'],
    ['a member of an interface', 'interface A { read(): string | A }', '1 read string-or-value'],
    ['a function type of a member', 'interface A { read: () => string | A }', '1 read string-or-value'],
    ['a function type with a name', 'type Read = () => string | A;', '1 Read string-or-value'],
    ['a function in an object', 'const a = { read: (): string | A => {} };', '1 read string-or-value'],
    ['a callback', 'function each(read: (line: string) => string | A): void {}', '1 (no name) string-or-value'],
    [
      'a failure at the end of the name',
      'function portProblem(): string | undefined {}',
      '1 portProblem string-as-error',
    ],
    ['a failure at its beginning', 'function mistakeIn(): string | undefined {}', '1 mistakeIn string-as-error'],
    ['a reason', 'const whyNotStored = (): Promise<string | undefined> => {};', '1 whyNotStored string-as-error'],
    ['null in place of undefined', 'function refusal(): string | null {}', '1 refusal string-as-error'],
  ])('refuses %s', (_form, source, breach) => {
    expect(found(source)).toEqual([breach]);
  });

  test.each([
    ['a Result', 'function read(): Result<string> {}'],
    ['a lookup', 'function nameOf(): string | undefined {}'],
    ['literal types', "function kind(): 'a' | 'b' | string {}"],
    ['a string or its promise', 'function text(): Promise<string> | string {}'],
    ['a failure that is always there', 'function problemText(): string {}'],
    ['a word that only contains a failure', 'function defaultName(): string | undefined {}'],
    ['a parameter', 'function read(source: Buffer | string): Buffer {}'],
  ])('accepts %s', (_form, source) => {
    expect(found(source)).toEqual([]);
  });

  test('rejects a file with a syntax error', () => {
    expect(() => breachesOf('sample.ts', 'function {')).toThrow('sample.ts');
  });
});

test('no source file breaks the rule that functions return failures as `Result`', () => {
  const root = join(import.meta.dirname, '../..');
  const ended = spawnSync(process.execPath, ['scripts/result-contract.mjs'], { cwd: root, encoding: 'utf8' });
  expect(ended).toMatchObject({ status: 0, stdout: '', stderr: '' });
});
