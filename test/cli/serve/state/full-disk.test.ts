import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { labYaml } from './kill-rounds.ts';
import { LabCalls } from './lab-calls.ts';
import { startServe } from './serve-process.ts';

/** Creates a folder with a lab file, and mounts a disk of 2 MB for the state of the lab at `disk` in this folder. */
function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
  onTestFinished(() => {
    execFileSync('umount', [disk]);
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'lab.yaml'), labYaml);
  return folder;
}

/** Fills the disk. */
function fill(folder: string): void {
  const { bavail, bsize } = statfsSync(join(folder, 'disk'));
  writeFileSync(join(folder, 'disk', 'ballast'), Buffer.alloc(bavail * bsize));
}

/** Starts a lab, which is ended at the end of the test. */
async function started(folder: string) {
  const lab = await startServe(folder, args);
  onTestFinished(() => lab.end('SIGKILL').then(() => {}));
  return lab;
}

const args = ['lab.yaml', '--state', 'disk/lab.state'];

/** Creates an enrollment of the largest possible size, so that the journal soon needs more space. */
function enroll(calls: LabCalls, registrationId: string) {
  const tags = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`t${at}`, 'x'.repeat(900)]));
  const body = { registrationId, attestation: { type: 'symmetricKey' }, initialTwin: { tags } };
  return calls.service('PUT', `enrollments/${registrationId}`, body);
}

/** Enrolls on a full disk until the lab reports that it cannot save its state. Returns the last call, which has no answer yet. */
async function untilTrouble(lab: Awaited<ReturnType<typeof startServe>>, calls: LabCalls) {
  const told = new Promise<'told'>((done) => lab.child.stderr?.once('data', () => done('told')));
  for (let n = 1; ; n++) {
    const answer = enroll(calls, `dev-${n}`);
    answer.catch(() => {});
    if ((await Promise.race([told, answer])) === 'told') return { n, answer };
  }
}

describe.skipIf(process.getuid?.() !== 0)('serve --state on a full disk', () => {
  test('delays the answer, saves the change when the disk has free space, and reports both the failure and the recovery', async () => {
    const folder = smallDisk();
    const lab = await started(folder);
    const calls = new LabCalls(lab.ready);
    fill(folder);
    const { n, answer } = await untilTrouble(lab, calls);
    expect(lab.stderr()).toMatch(/^warning: the state cannot be saved: the disk is full\..*\n$/);
    rmSync(join(folder, 'disk', 'ballast'));
    expect((await answer).status).toBe(200);
    await expect.poll(() => lab.stderr()).toMatch(/^warning: .*\nwarning: the state is saved again.*\n$/);
    calls.close();
    expect(await lab.end('SIGKILL')).toBe(null);

    const again = await started(folder);
    const others = new LabCalls(again.ready);
    for (let each = 1; each <= n; each++) {
      expect((await others.service('GET', `enrollments/dev-${each}`)).status).toBe(200);
    }
    others.close();
    expect(await again.end('SIGTERM')).toBe(0);
  });

  test('acknowledges no unsaved change, and exits with a code other than 0', async () => {
    const folder = smallDisk();
    const lab = await started(folder);
    const calls = new LabCalls(lab.ready);
    fill(folder);
    const { n, answer } = await untilTrouble(lab, calls);
    const outcome = answer.then(
      ({ status }) => status,
      () => 'disconnected',
    );
    expect(await lab.end('SIGTERM')).toBe(3);
    expect(await outcome).not.toBe(200);
    expect(lab.stderr()).toMatch(/error: the last changes were not saved to disk\/lab\.state/);
    calls.close();

    rmSync(join(folder, 'disk', 'ballast'));
    const again = await started(folder);
    const others = new LabCalls(again.ready);
    expect((await others.service('GET', `enrollments/dev-${n - 1}`)).status).toBe(200);
    others.close();
    expect(await again.end('SIGTERM')).toBe(0);
  });
});
