import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { inlineFolder, runIn, startInline } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes, slow } = sampleScenarios;

/**
 * Returns a module for the processes of the command. In each process, the code `deed` runs before the first TLS server opens, which is
 * during the first scenario that needs the services.
 */
const withBadServer = (deed: string): string => `
import tls from 'node:tls';
import { syncBuiltinESMExports } from 'node:module';
const original = tls.createServer;
tls.createServer = (...args) => {
  if (globalThis.isDone !== true) { globalThis.isDone = true; ${deed} }
  return original(...args);
};
syncBuiltinESMExports();
`;

/**
 * This code never returns to the event loop. It sleeps in short pieces, because a busy loop would take a processor from the other tests.
 */
const endless = 'for (const cell = new Int32Array(new SharedArrayBuffer(4)); ; ) Atomics.wait(cell, 0, 0, 20);';

/**
 * In a process that loads this module, the first scenario never returns to the event loop. It blocks in the turn in which its time limit
 * starts, so the limit cannot pass before the scenario blocks, even on a slow computer.
 */
const withEndlessStart = (limitMs: number): string => `
const original = globalThis.setTimeout;
globalThis.setTimeout = (work, delayMs, ...rest) => {
  if (delayMs === ${limitMs}) queueMicrotask(() => { ${endless} });
  return original(work, delayMs, ...rest);
};
`;

/** Runs scenarios in processes that each load the given module first. */
function runWith(module: string, words: readonly string[]) {
  const files = { 'a.yaml': passes, 'b.yaml': passes };
  const folder = inlineFolder(files);
  writeFileSync(join(folder, 'bad.mjs'), module);
  return runIn(folder, ['run', '.', '--seed', 's', ...words], {
    NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'bad.mjs')).href}`,
  });
}

describe('a scenario that never returns to the event loop', () => {
  test('is reported and ends the run, if it runs in the process of the command', async () => {
    const outcome = await runWith(withEndlessStart(1500), ['--time-limit', '1.5']);
    expect(outcome.results()).toMatchObject({
      complete: false,
      scenarios: [
        {
          id: 'a',
          verdict: 'unknown',
          reason: 'the scenario blocked its process for 1.5 s (change the limit with --time-limit), so the run ended',
        },
        { id: 'b', verdict: 'unknown', reason: 'the run ended before this scenario had a result' },
      ],
    });
    expect(outcome.stdout).toContain('blocked its process for 1.5 s');
    expect(outcome).toMatchObject({ exitCode: 3, stderr: '' });
  });

  test('also ends the run if the time limit passes before the scenario blocks the process of the command', async () => {
    // The time limit ends before the scenario opens its first server.
    const outcome = await runWith(withBadServer(`if (process.send === undefined) ${endless}`), [
      '--time-limit',
      '0.001',
    ]);
    // The other scenario may end before the time limit. The run then ends without being stopped.
    expect(outcome.results().scenarios[0]?.reason).toContain('did not end within 0.001 s');
    expect(outcome.exitCode).toBe(3);
  });

  test('ends with its worker process, which the run kills after the time limit', async () => {
    const outcome = await runWith(withBadServer(endless), ['--time-limit', '4', '--workers', '2']);
    expect(outcome.results().scenarios.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['unknown', 'the scenario did not end within 4 s (change the limit with --time-limit)'],
      ['unknown', 'the scenario did not end within 4 s (change the limit with --time-limit)'],
    ]);
    expect(outcome.exitCode).toBe(3);
  });
});

describe('a scenario that throws an error outside any promise', () => {
  const late = `setImmediate(() => { throw new Error('a bug in a callback'); });`;

  test('is inconclusive, and the other scenarios run in a new process', async () => {
    const outcome = await runWith(withBadServer(`if (process.send === undefined) ${late}`), []);
    expect(outcome.results().scenarios).toMatchObject([
      { id: 'a', verdict: 'unknown', reason: expect.stringContaining('a bug in a callback') },
      { id: 'b', verdict: 'pass' },
    ]);
    expect(outcome.exitCode).toBe(3);
  });

  test('is inconclusive in a worker process', async () => {
    const outcome = await runWith(withBadServer(late), ['--workers', '2']);
    for (const { verdict, reason } of outcome.results().scenarios) {
      expect(verdict).toBe('unknown');
      expect(reason).toContain('a bug in a callback');
    }
    expect(outcome.results().complete).toBe(true);
  });
});

test('rehearse run shows the output of its workers on stderr, and keeps stdout for the report', async () => {
  const outcome = await runWith(withBadServer(`console.log('printed by a library');`), [
    '--workers',
    '2',
    '--reporter',
    'json',
  ]);
  expect(outcome.stderr).toContain('printed by a library');
  expect(JSON.parse(outcome.stdout)).toMatchObject({ complete: true, summary: { passed: 2 } });
  expect(outcome.exitCode).toBe(0);
});

// The test finds the process in /proc, which only Linux has.
test.skipIf(!existsSync('/proc/self/task'))('rehearse run continues after kill -9 of a worker', async () => {
  const files = { 'a.yaml': slow, 'b.yaml': passes, 'c.yaml': passes, 'd.yaml': passes };
  const started = startInline(files, ['run', '.', '--workers', '2']);
  await started.printed('pass ');
  const pid = started.child.pid ?? 0;
  const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  for (const worker of workers) process.kill(worker, 'SIGKILL');
  const { exitCode, results } = await started.ended;
  const lost = results().scenarios.filter(({ verdict }) => verdict === 'unknown');
  expect(lost.map(({ id }) => id)).toContain('a');
  expect(lost[0]?.reason).toMatch(/^the process of the scenario failed: /);
  expect(results()).toMatchObject({
    complete: true,
    summary: { total: 4, unknown: lost.length, passed: 4 - lost.length },
  });
  expect(exitCode).toBe(3);
});
