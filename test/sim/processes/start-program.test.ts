import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { startProgram } from '../../../sim/processes/start-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-start-program-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function started(script: string, { outputLimit = 10_000 } = {}) {
  let printed = '';
  const result = await startProgram({
    command: ['/bin/sh', '-c', script],
    environment: { PATH: process.env['PATH'] ?? '' },
    folder,
    outputLimit,
    onOutput: (stream, bytes) => (printed += stream === 'stdout' ? Buffer.from(bytes).toString() : ''),
  });
  if (!result.ok) throw new Error(result.failure.sentence);
  return { program: result.value, printed: () => printed };
}

/** Returns the IDs of the processes whose environment contains `text`. */
function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(text);
    } catch {
      return false;
    }
  });
}

describe.skipIf(process.platform !== 'linux')('a program of the user', () => {
  test('gets only the environment variables that the caller names', async () => {
    const { program, printed } = await started('env');
    await program.ended;
    const names = printed()
      .split('\n')
      .map((line) => line.split('=')[0])
      .filter((name) => name !== '' && name !== 'PWD' && name !== '_' && name !== 'SHLVL');
    expect(new Set(names)).toEqual(new Set(['PATH', 'REHEARSAL_PROCESS_GROUP']));
  });

  test('ends after SIGTERM within the time limit', async () => {
    const { program, printed } = await started(
      'trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.05; done',
    );
    while (!printed().includes('ready')) await new Promise(setImmediate);
    expect(await program.stop(20_000)).toBe('stopped');
    expect(await program.ended).toMatchObject({ code: 3, signal: null });
  });

  test('is killed if it ignores SIGTERM', async () => {
    const { program, printed } = await started('trap "" TERM; echo ready; while :; do sleep 0.05; done');
    while (!printed().includes('ready')) await new Promise(setImmediate);
    expect(await program.stop(200)).toBe('killed');
    expect(await program.ended).toMatchObject({ signal: 'SIGKILL' });
  });

  test('is killed together with the processes that it left in another session', async () => {
    const { program } = await started(
      '(STRAY=forked-twice setsid sh -c "while :; do sleep 5; done" >/dev/null 2>&1 &) ; exit 0',
    );
    const end = await program.ended;
    expect(end.code).toBe(0);
    expect(processesWith('STRAY=forked-twice')).toEqual([]);
  });

  test('that prints 100 megabytes is read up to the limit, and the remaining output is only counted', async () => {
    const { program, printed } = await started('yes | head -c 100000000', { outputLimit: 1000 });
    const { droppedBytes } = await program.ended;
    expect([printed().length, droppedBytes]).toEqual([1000, 99_999_000]);
  });

  test('that closes stdout can still be stopped', async () => {
    const { program } = await started('exec >&- 2>&-; sleep 60');
    expect(await program.stop(20_000)).toBe('stopped');
  });

  test('that does not exist is reported with a sentence', async () => {
    const result = await startProgram({
      command: ['./no-such-program'],
      environment: {},
      folder,
      outputLimit: 10,
      onOutput: () => {},
    });
    expect(result).toMatchObject({
      ok: false,
      failure: {
        sentence: expect.stringContaining(`there is no program ./no-such-program; write a path relative to ${folder}`),
      },
    });
  });

  test('is ended when the process that started it ends, even by SIGKILL', async () => {
    const module = fileURLToPath(new URL('../../../sim/processes/start-program.ts', import.meta.url));
    const source = `const { startProgram } = await import(${JSON.stringify(module)});
      await startProgram({ command: ['/bin/sh', '-c', 'trap "" TERM; (setsid sleep 600 &) ; while :; do sleep 1; done'],
        environment: { PATH: process.env.PATH, ORPHAN: 'of-a-killed-run' }, folder: '/', outputLimit: 10, onOutput: () => {} });
      console.log('started'); setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(run.stdout, 'data');
    expect(processesWith('ORPHAN=of-a-killed-run').length).toBeGreaterThan(0);
    run.kill('SIGKILL');
    await once(run, 'exit');
    // The helper process kills the process group of the program when the channel to the killed run closes.
    while (processesWith('ORPHAN=of-a-killed-run').length > 0) await new Promise(setImmediate);
    expect(processesWith('ORPHAN=of-a-killed-run')).toEqual([]);
  });
});
