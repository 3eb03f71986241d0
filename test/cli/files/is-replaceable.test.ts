import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkWritable } from '../../../cli/files/check-writable.ts';
import { isReplaceable } from '../../../cli/files/is-replaceable.ts';
import { writeAtomically } from '../../../cli/files/write-atomically.ts';
import { failureOf } from '../result-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-replaceable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
spawnSync('mkfifo', [at('pipe')]);
writeFileSync(at('file'), '');
symlinkSync('file', at('link'));
symlinkSync('pipe', at('link-to-pipe'));
symlinkSync('/dev/null', at('link-to-device'));
symlinkSync('gone', at('broken-link'));

test.each([
  [at('new'), true],
  [at('file'), true],
  [at('link'), true],
  [at('broken-link'), true],
  [at('pipe'), false],
  [at('link-to-pipe'), false],
  [at('link-to-device'), false],
  ['/dev/null', false],
  ['/dev/stderr', false],
  [folder, false],
])('a result may replace %s: %j', (path, is) => {
  expect(isReplaceable(path)).toBe(is);
});

test('a report or baseline with the path of a pipe is refused, and the pipe stays', () => {
  expect(failureOf(checkWritable(at('pipe')))).toBe(
    `${at('pipe')} is a device, a pipe or a socket, and a file would replace it; name a file`,
  );
  expect(() => writeAtomically(at('pipe'), 'text')).toThrow(
    `${at('pipe')} cannot be written: it is a folder, a device, a pipe or a socket; name a file`,
  );
  expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
});
