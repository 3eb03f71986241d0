import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conform-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts `rehearse conform` with one world and a client, in its own folder for temporary files. */
function conform(...client: readonly string[]): ChildProcess {
  return spawn(
    process.execPath,
    ['cli/rehearse.mjs', 'conform', '--only', 'Q4', '--env', 'CLIENT_MARK', '--', ...client],
    {
      cwd: root,
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: folder, CLIENT_MARK: folder },
    },
  );
}

function clients(): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      const isClient = readFileSync(`/proc/${name}/cmdline`, 'latin1').startsWith('sleep');
      return isClient && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`CLIENT_MARK=${folder}`);
    } catch {
      return false;
    }
  });
}

const runFolders = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('rehearse-'));

test.skipIf(process.platform !== 'linux').each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'after %s, no client process of a conformance run remains, and this run or the next run removes the temporary folder',
  async (signal) => {
    const run = conform('sleep', '1000');
    await vi.waitUntil(() => clients().length > 0, { timeout: 60_000, interval: 50 });
    expect(runFolders()).not.toEqual([]);
    run.kill(signal);
    await once(run, 'exit');
    await vi.waitUntil(() => clients().length === 0, { timeout: 30_000, interval: 50 });
    if (signal === 'SIGKILL') await once(conform('true'), 'exit');
    expect(runFolders()).toEqual([]);
  },
  120_000,
);
