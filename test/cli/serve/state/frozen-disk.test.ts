import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { labYaml } from './kill-rounds.ts';
import { LabCalls } from './lab-calls.ts';
import { startServe } from './serve-process.ts';

/** Mounts a separate disk whose writes the test can block. */
function freezableDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  const [image, disk] = [join(folder, 'image'), join(folder, 'disk')];
  mkdirSync(disk);
  writeFileSync(image, '');
  truncateSync(image, 16 * 1024 * 1024);
  execFileSync('mkfs.ext4', ['-q', image]);
  execFileSync('mount', ['-o', 'loop', image, disk]);
  writeFileSync(join(folder, 'lab.yaml'), labYaml);
  let isFrozen = false;
  const freeze = (): void => {
    execFileSync('fsfreeze', ['-f', disk]);
    isFrozen = true;
  };
  const thaw = (): void => {
    if (isFrozen) execFileSync('fsfreeze', ['-u', disk]);
    isFrozen = false;
  };
  onTestFinished(() => {
    thaw();
    execFileSync('umount', [disk]);
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, freeze, thaw };
}

const canFreeze =
  process.getuid?.() === 0 &&
  existsSync('/dev/loop-control') &&
  ['mkfs.ext4', 'fsfreeze'].every((name) => hasProgram(name));

function hasProgram(name: string): boolean {
  return ['/usr/sbin', '/sbin', '/usr/bin'].some((folder) => existsSync(join(folder, name)));
}

describe.skipIf(!canFreeze)('serve --state on a disk that hangs', () => {
  test('answers 503 after 10 seconds, disconnects MQTT clients, and saves the waiting changes when the disk works again', async () => {
    const { folder, freeze, thaw } = freezableDisk();
    const lab = await startServe(folder, ['lab.yaml', '--state', 'disk/lab.state']);
    onTestFinished(async () => {
      thaw();
      await lab.end('SIGKILL');
    });
    const calls = new LabCalls(lab.ready);
    onTestFinished(() => calls.close());
    const group = await calls.service('POST', 'enrollmentGroups/devices/attestationmechanism');
    const key = Buffer.from((group.body['symmetricKey'] as { primaryKey: string }).primaryKey, 'base64');
    freeze();
    const enroll = calls.service('PUT', 'enrollments/a', {
      registrationId: 'a',
      attestation: { type: 'symmetricKey' },
    });
    const byMqtt = calls.registerByMqtt('b', key).then(String, () => 'disconnected');
    // Answers to GET requests do not wait for the disk.
    expect((await calls.service('GET', 'enrollments/a')).status).toBe(200);
    expect(await enroll).toEqual({
      status: 503,
      body: expect.objectContaining({ errorCode: 503001, message: expect.stringMatching(/again later/) }),
    });
    expect(await byMqtt).toBe('disconnected');
    expect(lab.stderr()).toMatch(
      /^warning: the state cannot be saved: the disk of disk\/lab\.state has not finished a write for 10 seconds; .*\n$/,
    );
    thaw();
    await expect.poll(() => lab.stderr()).toMatch(/\nwarning: the state is saved again.*\n$/);
    expect(await lab.end('SIGKILL')).toBe(null);

    const again = await startServe(folder, ['lab.yaml', '--state', 'disk/lab.state']);
    onTestFinished(() => again.end('SIGKILL').then(() => {}));
    const others = new LabCalls(again.ready);
    expect((await others.service('GET', 'enrollments/a')).status).toBe(200);
    others.close();
    expect(await again.end('SIGTERM')).toBe(0);
  });
});
