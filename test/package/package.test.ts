import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../cli/package-root.ts';
import { packAndInstall, type Packed } from './packed.ts';

let packed: Packed;
const isRoot = process.getuid?.() === 0;
const otherUser = 65_534;

beforeAll(async () => {
  packed = await packAndInstall();
}, 400_000);
afterAll(() => {
  chmodAll(packed.folder, 0o200);
  packed.remove();
});

describe('an installation of the package', () => {
  test('is smaller than 60 MB and has neither sources nor tools of the build', () => {
    const modules = join(packed.folder, 'node_modules');
    const size = filesBelow(modules).reduce((sum, file) => sum + statSync(file).blocks * 512, 0);
    expect(size).toBeLessThan(60_000_000);
    expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['dps-rehearsal', 'tinypool']);
    expect(
      filesBelow(packed.installed).filter((file) => /(?<!\.d)\.tsx?$/.test(file) && !file.includes('/examples/')),
    ).toEqual([]);
  });

  test('contains the licence of each package in the bundle', () => {
    const notices = readFileSync(join(packed.installed, 'lib', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const needed = [
      'yaml',
      'zod',
      'rhea',
      'mqtt',
      'aedes',
      'ws',
      'msw',
      'preact',
      '@codemirror/state',
      '@peculiar/x509',
    ];
    expect(needed.filter((name) => !new RegExp(`^${name} \\d`, 'm').test(notices))).toEqual([]);
  });

  test('satisfies publint and arethetypeswrong', () => {
    for (const [tool, ...words] of [
      ['publint', 'run', '--strict'],
      ['attw', '--config-path', join(packageRoot, '.attw.json'), '--no-color'],
    ]) {
      const program = join(packageRoot, 'node_modules', '.bin', tool ?? '');
      const { status, stdout } = spawnSync(program, [...words, packed.tarball], { encoding: 'utf8', timeout: 120_000 });
      expect([status, stdout]).toEqual([0, expect.anything()]);
    }
  }, 240_000);

  test('runs a scenario and serves a lab for a user who cannot write to the installation', async () => {
    const home = join(packed.folder, 'home');
    mkdirSync(home);
    if (isRoot) execFileSync('chown', [String(otherUser), home]);
    chmodAll(packed.installed, 0);
    for (const folder of [packed.folder, dirname(packed.folder)]) chmodSync(folder, 0o755);
    const before = filesBelow(packed.installed);
    const scenario = join(packed.installed, 'scenarios', 'attestation', 'symmetric-key.yaml');
    expect(asOther(home, ['node_modules/.bin/rehearse', 'run', scenario, '--reporter', 'dot,html'])).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(readdirSync(join(home, 'rehearsal-report'))).toContain('report.html');
    for (const program of ['lab.mjs', 'lab.cjs']) {
      const result = asOther(home, [program]);
      expect(result).toEqual({ status: 0, stderr: '', stdout: 'assigned\n' });
    }
    expect(filesBelow(packed.installed)).toEqual(before);
    expect(readdirSync(home)).toEqual(['rehearsal-report']);
  }, 240_000);
});

/**
 * The common part of an ES module and a CommonJS program. It opens an AMQP connection, and registers a device over HTTPS with a key from
 * `lab.keys`.
 */
const body = `
async function main() {
  const lab = await startLab({ lab: { cloud: { assignment: 'PT0S', enrollmentGroups: { devices: { symmetricKey: true } } } } });
  const { connect } = await import('node:tls');
  const answer = await new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: lab.ports.amqp, ca: lab.trust.pem, servername: lab.hosts.device });
    socket.once('error', reject);
    socket.once('data', (bytes) => { resolve(bytes.toString('latin1', 0, 4)); socket.destroy(); });
    socket.write(Buffer.from([0x41, 0x4d, 0x51, 0x50, 3, 1, 0, 0]));
  });
  if (answer !== 'AMQP') throw new Error(answer);
  const { createHmac } = await import('node:crypto');
  const sr = lab.idScope + '%2Fregistrations%2Ffirst-device';
  const se = Math.floor(Date.parse(await lab.now()) / 1000) + 600;
  const sig = createHmac('sha256', Buffer.from(deriveDeviceKey(lab.keys.groups.devices.primaryKey, 'first-device'), 'base64'));
  const token = 'SharedAccessSignature sr=' + sr + '&sig=' + encodeURIComponent(sig.update(sr + '\\n' + se).digest('base64')) + '&se=' + se + '&skn=registration';
  const { request } = await import('node:https');
  await new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1', port: lab.ports.https, servername: lab.hosts.device, ca: lab.trust.pem, method: 'PUT', agent: false,
      path: '/' + lab.idScope + '/registrations/first-device/register?api-version=2021-06-01',
      headers: { Host: lab.hosts.device, Authorization: token, 'Content-Type': 'application/json' },
    }, (response) => response.resume().once('end', resolve));
    outgoing.once('error', reject);
    outgoing.end('{"registrationId":"first-device"}');
  });
  console.log((await lab.registration('first-device')).status);
  await lab.close();
}
main();
`;

beforeAll(() => {
  const names = 'startLab, deriveDeviceKey';
  writeFileSync(join(packed.folder, 'lab.mjs'), `import { ${names} } from 'dps-rehearsal';${body}`);
  writeFileSync(join(packed.folder, 'lab.cjs'), `const { ${names} } = require('dps-rehearsal');${body}`);
});

/** Runs a program of the project as a user who cannot write to the installation. @param words path of the script and its arguments. */
function asOther(home: string, [script = '', ...words]: readonly string[]) {
  const id = String(otherUser);
  const command = isRoot
    ? ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', process.execPath]
    : [process.execPath];
  const [program = '', ...rest] = [...command, join(packed.folder, script), ...words];
  const { status, stdout, stderr } = spawnSync(program, rest, {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      ...(process.env['TMPDIR'] === undefined ? {} : { TMPDIR: process.env['TMPDIR'] }),
    },
    encoding: 'utf8',
    timeout: 90_000,
  });
  return { status, stdout, stderr };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Sets the mode of a folder and of everything inside: 0555 for folders and 0444 for files, plus the bits in `more`. */
function chmodAll(path: string, more: number): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) chmodAll(join(path, entry.name), more);
    else if (entry.isFile()) chmodSync(join(path, entry.name), 0o444 | more);
  }
  chmodSync(path, 0o555 | more);
}
