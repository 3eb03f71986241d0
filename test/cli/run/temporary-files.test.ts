import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { swtpmMissing } from '../../sim/swtpm-present.ts';
import { startInline } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

/** A scenario that uses a TPM and then creates RSA keys for about a minute. */
const slowWithTpm = `title: A TPM and a long line
devices:
  chip: { attestation: tpm }
  meter: { attestation: x509, count: 1000 }
timeline:
  - extract-ek: chip
  - issue-certificate: { device: meter, key: RSA-2048 }
  - power-on: meter
    expect: { assigned: true }
`;

describe('rehearse run leaves no files in TMPDIR', () => {
  test('after a normal end', async () => {
    const temporary = temporaryFolder();
    const env = { TMPDIR: temporary };
    const { ended } = startInline({ 'a.yaml': sampleScenarios.passes }, ['run', 'a.yaml'], env);
    expect((await ended).exitCode).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  // With so many files, the command starts its worker processes before it has read the files.
  test('after a mistake in one of 25 files, and ends the worker processes', async () => {
    const temporary = temporaryFolder();
    const good = Array.from({ length: 24 }, (_, index) => [`${index}.yaml`, sampleScenarios.passes] as const);
    const files = { ...Object.fromEntries(good), 'bad.yaml': 'title: No timeline' };
    const { ended } = startInline(files, ['run', '.', '--workers', '2'], { TMPDIR: temporary });
    const { exitCode, stderr } = await ended;
    expect(stderr).toContain('bad.yaml');
    expect(exitCode).toBe(2);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.skipIf(swtpmMissing !== undefined)('after a signal ends a scenario in the process of the command', async () => {
    const temporary = temporaryFolder();
    const { child, ended } = startInline({ 'a.yaml': slowWithTpm }, ['run', 'a.yaml'], { TMPDIR: temporary });
    await expect.poll(() => permanentStates(temporary), { timeout: 30_000 }).toHaveLength(1);
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(143);
    expect(readdirSync(temporary)).toEqual([]);
  });

  // The test finds and stops a process by /proc, which only Linux has.
  test.skipIf(swtpmMissing !== undefined || !existsSync('/proc/self/task'))(
    'after the run kills a worker process that ignores the end signal',
    async () => {
      const temporary = temporaryFolder();
      const files = { 'a.yaml': slowWithTpm, 'b.yaml': slowWithTpm };
      const { child, ended } = startInline(files, ['run', '.', '--workers', '2'], { TMPDIR: temporary });
      await expect.poll(() => permanentStates(temporary), { timeout: 30_000 }).toHaveLength(2);
      const workers = workersBelow(child.pid ?? 0);
      expect(workers).toHaveLength(2);
      for (const worker of workers) process.kill(worker, 'SIGSTOP');
      child.kill('SIGTERM');
      expect((await ended).exitCode).toBe(143);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-left-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Returns the files in which the TPMs of devices store their state. The copies in the pool of TPMs do not count. */
function permanentStates(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.permall') && !name.includes('tpm-pool'));
}

/** Returns the worker processes of a command. */
function workersBelow(command: number): readonly number[] {
  return childrenOf(command).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('tinypool'));
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
