import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withinRealTime } from '../../../core/time/clock.ts';
import { PartMissing } from '../../../core/part-missing.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { Swtpm } from '../../../sim/tpm/swtpm.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { swtpmProcessesOn } from './swtpm-process.ts';

/** Encodes a TPM2_GetRandom command (TPM 2.0 Part 3 16.1). */
function getRandom(length: number): Buffer {
  const command = Buffer.from('80010000000c0000017b0000', 'hex');
  command.writeUInt16BE(length, 10);
  return command;
}

const directory = openRunDirectory();
let stateDir: string;
beforeEach(() => {
  stateDir = directory.subdirectory('chip');
});
afterEach(() => {
  // Kills the process, because a failed test may have stopped it with SIGSTOP, and it would never end.
  for (const pid of swtpmProcessesOn(stateDir)) process.kill(pid, 'SIGKILL');
});
afterAll(() => directory.close());

test('starting a TPM without swtpm on the machine reports what to install', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = directory.path;
  try {
    const started = Swtpm.start({ stateDir });
    await expect(started).rejects.toThrow(PartMissing);
    await expect(started).rejects.toThrow('swtpm is not installed; run: apt-get install swtpm');
  } finally {
    process.env['PATH'] = path;
  }
});

describe.skipIf(swtpmMissing)('a swtpm process', () => {
  test('answers queued commands in the order in which they were sent', async () => {
    const tpm = await Swtpm.start({ stateDir });
    const lengths = Array.from({ length: 20 }, (_, index) => index + 1);
    const answers = await Promise.all(lengths.map((length) => tpm.transmit(getRandom(length))));
    await tpm.stop();
    expect(answers.map((answer) => answer.readUInt16BE(10))).toEqual(lengths);
    expect(answers.map((answer) => answer.length)).toEqual(lengths.map((length) => 12 + length));
  });

  test('keeps its state private, ends at `stop`, and accepts a second call of `stop`', async () => {
    const tpm = await Swtpm.start({ stateDir });
    await tpm.transmit(getRandom(1));
    expect(swtpmProcessesOn(stateDir)).toHaveLength(1);
    await tpm.stop();
    await tpm.stop();
    expect(swtpmProcessesOn(stateDir)).toEqual([]);
    expect(mode(stateDir)).toBe('700');
    expect(readdirSync(stateDir).map((name) => [name, mode(join(stateDir, name))])).toEqual([
      ['.lock', '600'],
      ['tpm2-00.permall', '600'],
    ]);
    await expect(tpm.transmit(getRandom(1))).rejects.toThrow('swtpm has ended');
  });

  test('is killed if it hangs, so that no command gets the answer to an earlier command', async () => {
    const tpm = await Swtpm.start({ stateDir, answerLimitMs: 200 });
    await tpm.transmit(getRandom(1));
    for (const pid of swtpmProcessesOn(stateDir)) process.kill(pid, 'SIGSTOP');
    await expect(tpm.transmit(getRandom(1))).rejects.toThrow('swtpm did not answer a command (waited 0.2 s)');
    expect(swtpmProcessesOn(stateDir)).toEqual([]);
    await expect(tpm.transmit(getRandom(1))).rejects.toThrow('swtpm has ended');
    await tpm.stop();
  });

  test('reports its end at once when it is killed', async () => {
    const tpm = await Swtpm.start({ stateDir });
    await tpm.transmit(getRandom(1));
    for (const pid of swtpmProcessesOn(stateDir)) process.kill(pid, 'SIGKILL');
    await expect(tpm.transmit(getRandom(1))).rejects.toThrow(/^swtpm (has ended|ended during a command)/);
    await tpm.stop();
  });

  test('reports that another process uses its state', async () => {
    const tpm = await Swtpm.start({ stateDir });
    await tpm.transmit(getRandom(1));
    const second = await Swtpm.start({ stateDir });
    await expect(second.transmit(getRandom(1))).rejects.toThrow(/; stderr: .*lock/s);
    await second.stop();
    await tpm.stop();
  });

  test('ends with the program that started it, and does not keep that program alive', async () => {
    const forgetful = `
      import { openRunDirectory } from './sim/tpm/state-dirs.ts';
      import { Swtpm } from './sim/tpm/swtpm.ts';
      const directory = openRunDirectory();
      const tpm = await Swtpm.start({ stateDir: directory.subdirectory('chip') });
      await tpm.transmit(Buffer.from('${getRandom(1).toString('hex')}', 'hex'));
      console.log(directory.path);
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', forgetful], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let path = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (path += text.trim()));
    const [code] = (await withinRealTime(once(child, 'close'), 20_000, 'the program did not end').finally(() =>
      child.kill('SIGKILL'),
    )) as [number];
    expect([code, path !== '', existsSync(path)]).toEqual([0, true, false]);
  });
});

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
