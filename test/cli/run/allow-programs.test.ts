import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { missingFor } from '../../sim/programs/play-program.ts';
import { startInline } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';
import { runWarm } from '../warm/warm-command.ts';

/** The program of this scenario sleeps in real time (`time: x1`), so it runs as long as the test. */
const program = `title: A program
devices:
  meter:
    attestation: symmetricKey
    program: { command: [/bin/sh, -c, "sleep 100000"], env: { STRAY: allow-programs-test }, time: x1 }
timeline:
  - power-on: meter
    expect: { telemetry: none }
`;

/** A scenario that fails, because its program ends at once. */
const ended = program
  .replace('sleep 100000', 'exit 1')
  .replace('time: x1', 'ready: PT1M')
  .replace('telemetry: none', 'assigned: true');

test('rehearse run refuses programs without --allow-programs, like a mistake in the file, and shows the command line', async () => {
  const refused = await runWarm({ 'meter.yaml': program, 'other.yaml': sampleScenarios.passes }, ['run', '.']);
  expect([refused.exitCode, refused.stderr]).toEqual([
    2,
    'error: meter.yaml: the scenario starts programs on this computer (meter: /bin/sh -c sleep 100000); read their code, and allow them with --allow-programs\n',
  ]);
});

test('rehearse check accepts a scenario with a program, and starts nothing', async () => {
  expect(await runWarm({ 'meter.yaml': program }, ['check', '.'])).toMatchObject({ exitCode: 0 });
});

describe.skipIf(missingFor().length > 0)('rehearse run --allow-programs, ended by kill -9', () => {
  test('leaves no process of the program, and the next run removes the temporary files of the killed run', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'programs-'));
    onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
    const env = { TMPDIR: temporary };
    const started = startInline({ 'meter.yaml': program }, ['run', '--allow-programs', 'meter.yaml'], env);
    await expect.poll(() => programs().length, { timeout: 50_000 }).toBeGreaterThan(0);
    started.child.kill('SIGKILL');
    await started.ended;
    await expect.poll(programs, { timeout: 20_000 }).toEqual([]);
    expect(readdirSync(temporary, { recursive: true }).some((name) => String(name).endsWith('clock'))).toBe(true);
    const next = startInline({ 'meter.yaml': ended }, ['run', '--allow-programs', 'meter.yaml'], env);
    expect((await next.ended).exitCode).toBe(1);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

test.skipIf(missingFor().length > 0)('the command that repeats a run with a program has --allow-programs', async () => {
  const { exitCode, stdout } = await runWarm({ 'meter.yaml': ended }, ['run', '--allow-programs', '--seed', '7', '.']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/run meter\.yaml --seed 7 --allow-programs/);
});

/** Returns the processes that have the variable of the scenario. */
function programs(): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes('STRAY=allow-programs-test')
      );
    } catch {
      return false;
    }
  });
}
