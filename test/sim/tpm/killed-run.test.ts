import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { wallMs, withinRealTime } from '../../../core/clock.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { swtpmProcessesOn } from './swtpm-process.ts';

const directory = openRunDirectory();
afterAll(() => directory.close());

/** Starts a TPM, says where its state is, and stays. */
const holder = `
  import { openRunDirectory } from './sim/tpm/state-dirs.ts';
  import { Swtpm } from './sim/tpm/swtpm.ts';
  import { Tpm } from './sim/tpm/tpm.ts';
  const directory = openRunDirectory();
  const tpm = await Swtpm.start({ stateDir: directory.subdirectory('chip') });
  await new Tpm((command) => tpm.transmit(command)).endorsementKey();
  console.log(directory.path);
  setInterval(() => {}, 1000);
`;

/** Opens a directory as every run does, says where, and ends without closing it. */
const nextRun = `
  import { openRunDirectory } from './sim/tpm/state-dirs.ts';
  console.log(openRunDirectory().path);
`;

test.skipIf(swtpmMissing)('kill -9 leaves no swtpm after two seconds, and the next run removes its state', async () => {
  const temporary = directory.subdirectory('killed');
  const run = start(holder, temporary);
  const path = await run.said();
  expect((statSync(path).mode & 0o777).toString(8)).toBe('700');
  expect(swtpmProcessesOn(path)).toHaveLength(1);

  run.child.kill('SIGKILL');
  await once(run.child, 'exit');
  await allGone(path, 2000);
  expect(existsSync(path)).toBe(true);

  // The next run is another process, as in life.
  await start(nextRun, temporary).ended();
  expect(existsSync(path)).toBe(false);
});

test('only what a dead run of ours left is removed', async () => {
  const temporary = directory.subdirectory('left');
  const victim = directory.subdirectory('victim');
  writeFileSync(join(victim, 'kept'), '');
  const ended = start(nextRun, temporary);
  await ended.ended();
  const dead = ended.child.pid ?? 0;
  const [started = ''] = /(?<=^\S+ \(.*\) (\S+ ){19})\S+/s.exec(readFileSync('/proc/self/stat', 'utf8')) ?? [];

  const removed = [`rehearse-${dead}-1-0`, `rehearse-${process.pid}-1-abc123`];
  const kept = [
    `rehearse-${process.pid}-${started}-abc123`,
    `rehearse-${dead}-1`,
    `other-${dead}-1-0`,
    `rehearse-${dead}-1-my.notes`,
    'rehearse-test-1',
  ];
  for (const name of [...removed, ...kept]) mkdirSync(join(temporary, name, 'inside'), { recursive: true });
  symlinkSync(victim, join(temporary, `rehearse-${dead}-1-link`));
  writeFileSync(join(temporary, `rehearse-${dead}-1-file`), '');
  symlinkSync(victim, join(temporary, removed[0] ?? '', 'inside', 'link'));

  await start(nextRun, temporary).ended();
  const exists = (names: readonly string[]): readonly boolean[] =>
    names.map((name) => existsSync(join(temporary, name)));
  expect(exists(removed)).toEqual([false, false]);
  expect(exists(kept)).toEqual(kept.map(() => true));
  expect(exists([`rehearse-${dead}-1-link`, `rehearse-${dead}-1-file`])).toEqual([true, true]);
  expect(existsSync(join(victim, 'kept'))).toBe(true);
});

test.skipIf(process.getuid?.() !== 0)('what a dead run of another user left stays (only root can try)', async () => {
  const temporary = directory.subdirectory('foreign');
  const path = join(temporary, 'rehearse-4194305-1-abc123');
  mkdirSync(path);
  chownSync(path, 12_345, 12_345);
  await start(nextRun, temporary).ended();
  expect(existsSync(path)).toBe(true);
});

test('a directory is private, made for one run, and gone with it', async () => {
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

/** Runs a program with a folder for temporary files of its own. */
function start(program: string, temporary: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
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

/** Waits for processes that are not our children, for which the kernel tells nobody but their parent. */
async function allGone(folder: string, limitMs: number): Promise<void> {
  const started = wallMs();
  while (swtpmProcessesOn(folder).length > 0) {
    if (wallMs() - started > limitMs) throw new Error(`a swtpm is still there after ${limitMs} ms`);
    await new Promise((next) => setImmediate(next));
  }
}
