import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundled } from '../../../cli/bundle/bundle.mjs';

const here = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'rehearse-install-'));
/** A checkout that root owns: other users can read the files but not change them. test/package tests the published package. */
const installed = join(folder, 'checkout');
const home = join(folder, 'home');
const otherUser = 65_534;
const isRoot = process.getuid?.() === 0;

beforeAll(async () => {
  if (!isRoot) return;
  chmodSync(folder, 0o755);
  // The other user cannot enter the folder of this checkout, so the test links or copies the packages into the installation. Hard links are
  // fast, but need the same file system.
  mkdirSync(installed, { recursive: true });
  const packages = [`${here}/node_modules/.`, join(installed, 'node_modules')];
  if (spawnSync('cp', ['-alf', ...packages]).status !== 0) execFileSync('cp', ['-a', ...packages]);
  for (const name of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'cli',
    'core',
    'mocks',
    'reports',
    'scenarios',
    'sim',
  ]) {
    cpSync(join(here, name), join(installed, name), { recursive: true });
  }
  // The bundle of this checkout. The installation has the same sources, so it accepts this bundle and does not build another bundle.
  const made = await bundled(here);
  cpSync(made, join(installed, 'dist', basename(made)), { recursive: true });
  expect(await bundled(installed)).toBe(join(installed, 'dist', basename(made)));
  mkdirSync(home);
  execFileSync('chown', [String(otherUser), home]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!isRoot)('a checkout that root owns (the test needs root)', () => {
  test('contains the bundle, and another user can run it without writing a file', () => {
    expect(readdirSync(join(installed, 'dist'))).toHaveLength(1);
    expect(asOtherUser(['list', 'checks'], {})).toMatchObject({ status: 0, stderr: '' });
    const run = asOtherUser(['run', join(installed, 'scenarios', 'attestation', 'symmetric-key.yaml')], {});
    expect(run).toEqual({ status: 0, stdout: expect.stringMatching(/passed/), stderr: '' });
    expect(existsSync(join(home, '.cache', 'rehearse'))).toBe(false);
  });

  test('builds a missing bundle in the cache folder of the user, only once', () => {
    rmSync(join(installed, 'dist'), { recursive: true });
    for (const _ of ['made', 'found']) {
      expect(asOtherUser(['list', 'checks'], { HOME: home })).toMatchObject({ status: 0, stderr: '' });
      expect(readdirSync(join(home, '.cache', 'rehearse'))).toHaveLength(1);
    }
    const run = asOtherUser(['run', join(installed, 'scenarios', 'attestation', 'symmetric-key.yaml')], { HOME: home });
    expect(run).toEqual({ status: 0, stdout: expect.stringMatching(/passed/), stderr: '' });
  });

  test('prints what to do if the bundle is missing and no folder is writable', () => {
    rmSync(join(installed, 'dist'), { recursive: true, force: true });
    expect(asOtherUser(['list', 'checks'], { HOME: '/nonexistent' })).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^rehearse must build its bundle once, and can write neither .* XDG_CACHE_HOME/),
    });
  });
});

function asOtherUser(words: readonly string[], variables: Readonly<Record<string, string>>) {
  const id = String(otherUser);
  const command = ['--reuid', id, '--regid', id, '--clear-groups', process.execPath];
  const { status, stdout, stderr } = spawnSync(
    'setpriv',
    [...command, join(installed, 'cli', 'rehearse.mjs'), ...words],
    {
      cwd: home,
      env: { PATH: process.env['PATH'], TMPDIR: tmpdir(), ...variables },
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}
