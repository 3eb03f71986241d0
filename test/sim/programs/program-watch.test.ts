import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { threadsOf } from '../../../sim/programs/process-states.ts';
import { stateOf } from '../../../sim/programs/program-watch.ts';

// The states of threads are in /proc, which only Linux has.
const hasStates = existsSync('/proc/self/task');

test.skipIf(!hasStates)('a program whose output the simulation has not read yet is not idle', async () => {
  // The helper process that reads the output may have no turn for a while. This test reads nothing.
  const program = start('head', '-c', '100000000', '/dev/zero');
  await expect.poll(() => sleeps(program)).toBe(true);
  expect(look(program).isIdle).toBe(false);
});

test.skipIf(!hasStates)(
  'a program that worked between two looks shows another activity, although it sleeps at both',
  async () => {
    const program = start('cat');
    const before = await lookAsleep(program);
    program.stdin?.write('x');
    await once(program.stdout ?? program, 'data');
    const after = await lookAsleep(program);
    expect([before.isIdle, after.isIdle]).toEqual([true, true]);
    expect(after.activity).not.toBe(before.activity);
  },
);

function start(command: string, ...words: readonly string[]): ChildProcess {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function sleeps({ pid = 0 }: ChildProcess): boolean {
  return threadsOf(pid).some(({ state }) => state === 'S');
}

/** Looks at a program when two looks in a row are equal. */
async function lookAsleep(program: ChildProcess) {
  await expect.poll(() => sleeps(program) && look(program).activity === look(program).activity).toBe(true);
  return look(program);
}

/** Looks at a program that makes no use of the clock library. */
function look({ pid }: ChildProcess) {
  const page = {
    read: () => ({ processes: [], waits: new Map(), activity: '', flags: 0, datesSet: 0, dateOffsetMs: 0 }),
    forget: () => {},
  };
  return stateOf(
    {
      pid,
      time: { page, elapsedMs: () => 0, instantOf: (elapsedMs: number) => elapsedMs } as never,
      gateway: undefined,
      tpmCommands: undefined,
      writtenBytes: 0,
      isKnownAsForeign: () => true,
    },
    1,
  );
}
