import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wallMs, withinRealTime } from '../../../core/clock.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { swtpmMissing } from '../swtpm-present.ts';

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

test.skipIf(swtpmMissing)('kill -9 leaves no swtpm, its state was private, and the next run removes it', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', holder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const path = await withinRealTime(firstLine(child), 30_000, 'the child did not start its TPM');
  const [state = ''] = readdirSync(path);
  expect([mode(path), mode(join(path, state))]).toEqual(['700', '700']);
  for (const file of readdirSync(join(path, state))) expect(mode(join(path, state, file))).toMatch(/^6[04]0$/);
  const swtpm = childrenOf(child.pid ?? 0);
  expect(swtpm).toHaveLength(1);

  child.kill('SIGKILL');
  await once(child, 'exit');
  await allGone(swtpm, 2000);
  expect(existsSync(path)).toBe(true);

  // The next run is another process, as in life.
  const next = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', sweep], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await withinRealTime(firstLine(next), 30_000, 'the next run did not open its directory');
  expect(existsSync(path)).toBe(false);
});

const sweep = `
  import { openRunDirectory } from './sim/tpm/state-dirs.ts';
  console.log(openRunDirectory().path);
`;

test('a directory of a run that lives is left alone', () => {
  const [one, other] = [openRunDirectory(), openRunDirectory()];
  expect([existsSync(one.path), existsSync(other.path)]).toEqual([true, true]);
  one.close();
  expect([existsSync(one.path), existsSync(other.path)]).toEqual([false, true]);
  other.close();
});

async function firstLine(child: ChildProcess): Promise<string> {
  const [text] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return text.toString().trim();
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(/\s+/)
    .map(Number)
    .filter((child) => nameOf(child) === 'swtpm');
}

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

/** Waits for processes that are not our children, for which the kernel tells nobody but their parent. */
async function allGone(pids: readonly number[], limitMs: number): Promise<void> {
  const started = wallMs();
  while (pids.some((pid) => existsSync(`/proc/${pid}`) && nameOf(pid) === 'swtpm' && !isZombie(pid))) {
    if (wallMs() - started > limitMs) throw new Error(`swtpm ${pids.join(', ')} is still there after ${limitMs} ms`);
    await new Promise((next) => setImmediate(next));
  }
}

function isZombie(pid: number): boolean {
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
}
