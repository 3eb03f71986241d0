import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Results } from '../../../reports/shapes/results-shape.ts';
import { startInline } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const files = { 'a.yaml': sampleScenarios.passes, 'b.yaml': sampleScenarios.slow };

// This test reads the parent of each process from /proc, which only Linux has.
describe.skipIf(!existsSync('/proc/self/task'))('rehearse run, ended', () => {
  // With one worker, the process of the command runs the scenarios. With two workers, the process of the command starts worker processes.
  const playing = [
    { workers: '1', processes: 0 },
    { workers: '2', processes: 2 },
  ];

  test.each(playing)(
    'by kill -9 with $workers workers, leaves no process, and the results name the unfinished scenarios',
    async ({ workers, processes }) => {
      const started = startInline(files, ['run', 'a.yaml', 'b.yaml', '--workers', workers]);
      await started.printed('pass');
      const descendants = watchedDescendantsOf(started.child.pid ?? 0);
      expect(descendants.length).toBeGreaterThanOrEqual(processes);
      started.child.kill('SIGKILL');
      const { results } = await started.ended;
      await expect.poll(() => descendants.filter(isAlive), { timeout: 2000 }).toEqual([]);
      expectHalfDone(results());
    },
  );

  test.each(playing)(
    'by Ctrl-C with $workers workers, leaves no process, and has the exit code of an interrupt',
    async ({ workers }) => {
      const started = startInline(files, ['run', 'a.yaml', 'b.yaml', '--workers', workers]);
      await started.printed('pass');
      const descendants = watchedDescendantsOf(started.child.pid ?? 0);
      started.child.kill('SIGINT');
      const { exitCode, results, read } = await started.ended;
      expect(exitCode).toBe(130);
      expect(descendants.filter(isAlive)).toEqual([]);
      expectHalfDone(results());
      expect(read('rehearsal-report/junit.xml')).toContain('errors="1"');
    },
  );
});

function expectHalfDone(results: Results): void {
  expect(results).toMatchObject({
    complete: false,
    summary: { total: 2, passed: 1, unknown: 1 },
    scenarios: [
      { file: 'a.yaml', verdict: 'pass' },
      { file: 'b.yaml', verdict: 'unknown' },
    ],
  });
}

/** Finds the descendants of a process, and kills them at the end of the test, so that a failed test leaves no process behind. */
function watchedDescendantsOf(pid: number): readonly number[] {
  const descendants = descendantsOf(pid);
  onTestFinished(() => {
    for (const one of descendants.filter(isAlive)) process.kill(one, 'SIGKILL');
  });
  return descendants;
}

function descendantsOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Returns true if the process runs. A zombie process has ended, although its parent has not read its exit code. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
