import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { environmentMessage } from '../../../cli/process/environment-message.mjs';
import { command } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-environment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'a.yaml'), sampleScenarios.passes);

function rehearse(words: readonly string[], prefix = '', suffix = '') {
  const line = `${prefix} "$0" "$@" ${suffix}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, command, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Mounts a temporary file system for the test and returns its path. */
function mounted(name: string, options: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  onTestFinished(() => void execFileSync('umount', [path]));
  return path;
}

describe.skipIf(!existsSync('/dev/full'))('a full disk behind stdout', () => {
  test('does not stop a run or change its exit code', () => {
    const { status, stderr } = rehearse(['run', 'a.yaml', '--report-dir', 'full-stdout'], '', '>/dev/full');
    expect([status, stderr]).toEqual([0, 'error: stdout cannot be written: ENOSPC: no space left on device, write\n']);
    expect(existsSync(join(folder, 'full-stdout', 'results.json'))).toBe(true);
  });

  test('ends another command with exit code 3, because its output is incomplete', () => {
    expect(rehearse(['list', 'checks'], '', '>/dev/full')).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^error: stdout cannot be written: ENOSPC/),
    });
  });
});

test.each([['run ../a.yaml'], ['check ../a.yaml'], ['list checks'], ['show-report']])(
  'rehearse %s in a folder that was deleted does not report an internal error',
  (words) => {
    const { status, stderr } = rehearse(words.split(' '), 'mkdir gone && cd gone && rmdir ../gone &&');
    expect(stderr).not.toContain('Internal error');
    if (status !== 0)
      expect([status, stderr]).toEqual([3, expect.stringMatching(/^error: the current folder was deleted; change to/)]);
  },
);

test('rehearse explain ends in a folder that was deleted, although the world of the scenario cannot be created', () => {
  const { status } = rehearse(['explain', '../a.yaml'], 'mkdir gone && cd gone && rmdir ../gone &&');
  expect(status).toBe(3);
});

test('a closed pipe on stdout does not make the command fail', () => {
  expect(rehearse(['list', 'checks'], '', '| head -1')).toMatchObject({ status: 0, stderr: '' });
});

test.skipIf(process.getuid?.() !== 0).each([
  ['full', 'size=60k', /the disk is full/],
  ['read-only', 'ro', /the file system is read-only/],
])(
  'rehearse reports an output folder on a %s file system in one sentence (test needs root)',
  (name, options, reason) => {
    const path = mounted(name, options);
    const { status, stderr } = rehearse(['run', 'a.yaml', '--report-dir', join(path, 'report')]);
    expect(stderr).toMatch(reason);
    expect(stderr).toContain(path);
    expect(stderr).not.toMatch(/fault of its own|^ +at /m);
    expect([2, 3]).toContain(status);
  },
);

test('rehearse reports that the process has no free file descriptor', () => {
  const { status, stderr } = rehearse(['run', 'a.yaml', '--report-dir', 'few'], 'ulimit -n 24;');
  expect([status, stderr]).toEqual([3, expect.stringMatching(/no file descriptors left/)]);
  expect(stderr).not.toMatch(/fault of its own/);
});

test('rehearse reports an error in its own code as an internal error', () => {
  expect(environmentMessage(new TypeError('x is undefined'))).toBe(undefined);
  expect(environmentMessage(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' }))).toBe(undefined);
});
