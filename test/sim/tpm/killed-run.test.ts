import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wallMs, withinRealTime } from '../../../core/time/clock.ts';
import { folderHolder, holdFolder } from '../../../sim/processes/folder-lock.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { builtProgram } from '../../built-program.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { swtpmProcessesOn } from './swtpm-process.ts';

const directory = openRunDirectory();
afterAll(() => directory.close());

const programs = new Map<string, string>();
beforeAll(async () => {
  for (const text of programs.keys()) programs.set(text, await builtProgram(text));
});

/** Builds a program before the tests. Returns a function that returns its path. */
function built(text: string): () => string {
  programs.set(text, '');
  return () => programs.get(text) ?? '';
}

/** A program that starts a TPM, prints the path of its state, and stays alive. */
const holder = built(`
  import { openRunDirectory } from './sim/tpm/state-dirs.ts';
  import { Swtpm } from './sim/tpm/swtpm.ts';
  import { Tpm } from './sim/tpm/tpm.ts';
  const directory = openRunDirectory();
  const tpm = await Swtpm.start({ stateDir: directory.subdirectory('chip') });
  await new Tpm((command) => tpm.transmit(command)).endorsementKey();
  console.log(directory.path);
  setInterval(() => {}, 1000);
`);

/** A program that opens a TPM folder, prints its path, and stays alive. */
const waiting = built(`
  import { openRunDirectory } from './sim/tpm/state-dirs.ts';
  console.log(openRunDirectory().path);
  setInterval(() => {}, 1000);
`);

/** A program that opens a TPM folder as every run does, prints its path, and ends without closing the folder. */
const nextRun = built(`
  import { openRunDirectory } from './sim/tpm/state-dirs.ts';
  console.log(openRunDirectory().path);
`);

test.skipIf(swtpmMissing)(
  '`kill -9` of a run leaves no swtpm after two seconds, and the next run removes its TPM state',
  async () => {
    const temporary = directory.subdirectory('killed');
    const run = start(holder, temporary);
    const path = await run.said();
    expect((statSync(path).mode & 0o777).toString(8)).toBe('700');
    expect(swtpmProcessesOn(path)).toHaveLength(1);

    run.child.kill('SIGKILL');
    await once(run.child, 'exit');
    await allGone(path, 2000);
    expect(existsSync(path)).toBe(true);

    // The next run is another process, as on the computer of a user.
    await start(nextRun, temporary).ended();
    expect(existsSync(path)).toBe(false);
  },
);

test('a run removes the folder of an earlier run, and keeps other files, folders and links', async () => {
  const temporary = directory.subdirectory('left');
  const victim = directory.subdirectory('victim');
  writeFileSync(join(victim, 'kept'), '');
  const dead = await leftByKill(temporary);
  symlinkSync(victim, join(dead, 'link'));
  const kept = ['rehearse-run-abc123', 'rehearse-runs-abc123', 'other-run-abc123', 'rehearse-4194305-1-abc123'];
  for (const name of kept) mkdirSync(join(temporary, name, 'inside'), { recursive: true });
  symlinkSync(victim, join(temporary, 'rehearse-run-linked'));
  writeFileSync(join(temporary, 'rehearse-run-a_file'), '');

  await start(nextRun, temporary).ended();
  expect(existsSync(dead)).toBe(false);
  expect(readdirSync(temporary).toSorted()).toEqual([...kept, 'rehearse-run-a_file', 'rehearse-run-linked'].toSorted());
  expect(existsSync(join(victim, 'kept'))).toBe(true);
});

test.skipIf(process.getuid?.() !== 0)(
  'a run keeps the folder that an ended run of another user left (test needs root)',
  async () => {
    const temporary = directory.subdirectory('foreign');
    const path = await leftByKill(temporary);
    chownSync(path, 12_345, 12_345);
    await start(nextRun, temporary).ended();
    expect(existsSync(path)).toBe(true);
  },
);

test.skipIf(process.getuid?.() !== 0).each([
  ['in another PID namespace', ['unshare', '--pid', '--fork', '--mount-proc']],
  ['without /proc', ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$@"', 'sh']],
])('a run %s keeps the folder of a run that still runs (test needs root)', async (_, prefix) => {
  const temporary = directory.subdirectory('live');
  const live = start(waiting, temporary);
  const path = await live.said();
  await start(nextRun, temporary, prefix).ended();
  expect(existsSync(path)).toBe(true);
  live.child.kill('SIGKILL');
  await once(live.child, 'exit');
});

test('20 runs at once keep the folders of each other, and remove the folder of an ended run once', async () => {
  const temporary = directory.subdirectory('crowd');
  const dead = await leftByKill(temporary);
  const runs = Array.from({ length: 20 }, () => start(waiting, temporary));
  const paths = await Promise.all(runs.map((run) => run.said()));
  await start(nextRun, temporary).ended();
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  expect(existsSync(dead)).toBe(false);
  for (const { child } of runs) child.kill('SIGKILL');
  await Promise.all(runs.map(({ child }) => once(child, 'exit')));
});

test('a run can lock a folder whose path is longer than a socket address', async () => {
  const folder = join(directory.subdirectory('long'), 'l'.repeat(120));
  mkdirSync(folder);
  expect(await folderHolder(folder)).toBe('unknown');
  const held = holdFolder(folder);
  expect([held.ok, await folderHolder(folder)]).toEqual([true, 'live']);
  if (held.ok) held.value();
  expect([readdirSync(folder), await folderHolder(folder)]).toEqual([[], 'unknown']);
});

test('a TPM folder is private, belongs to one run, and is removed with the run', async () => {
  const [one, other] = [openRunDirectory(), openRunDirectory()];
  const chip = one.subdirectory('../a chip/β');
  expect([one.path, chip].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(['700', '700']);
  expect(chip).toBe(join(one.path, '0-.._a_chip__'));
  one.close();
  expect([existsSync(one.path), existsSync(other.path)]).toEqual([false, true]);
  other.close();
  const path = await start(nextRun, directory.subdirectory('forgotten')).ended();
  expect([path.includes('rehearse-'), existsSync(path)]).toEqual([true, false]);
});

/** Starts a run and kills it. Returns the folder that it left. */
async function leftByKill(temporary: string): Promise<string> {
  const run = start(waiting, temporary);
  const path = await run.said();
  run.child.kill('SIGKILL');
  await once(run.child, 'exit');
  return path;
}

/** Starts a program with a separate folder for temporary files. `prefix` comes before its command line. */
function start(program: () => string, temporary: string, prefix: readonly string[] = []) {
  const [command, ...rest] = [...prefix, process.execPath];
  const child = spawn(command, [...rest, program()], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temporary },
  });
  const said = withinRealTime(once(child.stdout, 'data'), 30_000, 'the program said nothing').then(([text]) =>
    String(text).trim(),
  );
  return {
    child,
    said: () => said,
    ended: async () => {
      await withinRealTime(once(child, 'exit'), 30_000, 'the program did not end');
      return said;
    },
  };
}

/** Polls until the processes have ended. They are not children of the test, so the kernel does not notify the test of their end. */
async function allGone(folder: string, limitMs: number): Promise<void> {
  const started = wallMs();
  while (swtpmProcessesOn(folder).length > 0) {
    if (wallMs() - started > limitMs) throw new Error(`an swtpm process is still alive after ${limitMs} ms`);
    await new Promise((next) => setImmediate(next));
  }
}
