import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { Diagnosis } from '../../cli/doctor/diagnosis.ts';
import { doctorText } from '../../cli/doctor/doctor-text.ts';
import type { PartState } from '../../cli/doctor/part.ts';
import { lookForPorts } from '../../cli/doctor/places.ts';
import { plainPaint } from '../../reports/markup/paint.ts';
import { runInline } from './run-inline.ts';

const bin = mkdtempSync(join(tmpdir(), 'rehearse-doctor-'));
afterAll(() => rmSync(bin, { recursive: true, force: true }));

/** Makes a folder for the PATH with Node and these programs, each a shell script. */
function pathWith(programs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(bin, 'path-'));
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const swtpm = { swtpm: 'echo "TPM emulator version 9.8.7, Copyright (c)"' };

async function diagnosis(path: string, env: NodeJS.ProcessEnv = {}): Promise<Diagnosis & { exitCode: number | null }> {
  const { exitCode, stdout, stderr } = await runInline({}, ['doctor', '--json'], { PATH: path, CI: '', ...env });
  expect(stderr).toBe('');
  return { exitCode, ...(JSON.parse(stdout) as Diagnosis) };
}

function partOf({ parts }: Diagnosis, id: string): PartState | undefined {
  return parts.find((part) => part.id === id);
}

test('rehearse doctor exits with 0 if a software model replaces every missing part', async () => {
  const found = await diagnosis(pathWith(swtpm));
  expect(found).toMatchObject({ exitCode: 0, ok: true });
  expect(partOf(found, 'swtpm')).toMatchObject({ isPresent: true, detail: '9.8.7' });
  expect(partOf(found, 'openssl')).toMatchObject({
    isPresent: false,
    isNeeded: false,
    cost: expect.stringContaining('software model'),
    debian: ['openssl'],
  });
});

test('rehearse doctor exits with 1 in CI, where no model replaces a missing part', async () => {
  const found = await diagnosis(pathWith(swtpm), { CI: 'true' });
  expect(found).toMatchObject({ exitCode: 1, ok: false });
  expect(partOf(found, 'openssl')).toMatchObject({ isPresent: false, isNeeded: true });
});

test('rehearse doctor exits with 1 without swtpm, and names the command that installs swtpm', async () => {
  const { exitCode, stdout } = await runInline({}, ['doctor'], { PATH: pathWith({}), CI: '' });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/✗ swtpm +not installed\n +cost: scenarios with a TPM are skipped/);
  expect(stdout).toMatch(/ Debian +sudo apt-get install -y swtpm openssl /);
  expect(stdout).toMatch(/ macOS +brew install swtpm /);
  expect(stdout).toMatch(/ container +docker run .*apt-get install -y swtpm openssl /);
});

test('rehearse doctor reports a program that does not start', async () => {
  const found = await diagnosis(pathWith({ swtpm: 'echo no library >&2; exit 127' }));
  expect(partOf(found, 'swtpm')).toMatchObject({ isPresent: false, detail: expect.stringContaining('does not start') });
});

test('rehearse doctor exits with 1 if the folder for temporary files cannot be written', async () => {
  const file = join(bin, 'file');
  mkdirSync(bin, { recursive: true });
  writeFileSync(file, '');
  const found = await diagnosis(pathWith(swtpm), { TMPDIR: file });
  expect(found.exitCode).toBe(1);
  expect(partOf(found, 'temporary-folder')).toMatchObject({
    isPresent: false,
    remedy: expect.stringContaining('TMPDIR'),
  });
});

test('rehearse doctor names a port that another program uses, and the option that selects another port', async () => {
  const server: Server = createServer().listen(8883, '127.0.0.1');
  // Another program may listen on the port already. That has the same effect on the test.
  await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(() => undefined);
  onTestFinished(() => void server.close());
  expect(await lookForPorts()).toMatchObject({
    isPresent: false,
    detail: expect.stringContaining('8883 (in use)'),
    remedy: expect.stringContaining('--mqtt-port 0'),
  });
});

test('rehearse doctor prints on macOS that Rehearsal is tested only on Linux', () => {
  const result: Diagnosis = { ok: true, rehearsal: '1', platform: 'darwin arm64', parts: [] };
  expect(doctorText({ ...result, parts: [whole] }, plainPaint)).toContain('on Windows use WSL 2 with Debian');
  expect(doctorText({ ...result, platform: 'linux x64', parts: [whole] }, plainPaint)).toBe(
    'Rehearsal 1 on linux x64\n\nNeeded for every run\n  ✓ node  20\n\nNothing is missing. The lab can run.\n',
  );
});

const whole: PartState = {
  id: 'node',
  use: 'run',
  cost: 'nothing runs',
  isPresent: true,
  isNeeded: true,
  detail: '20',
};
