import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Ready } from '../../../cli/serve/ready.ts';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { registerByKey, runLab, secret, startLab, startLabIn } from './lab-process.ts';
import { startInline } from '../run-inline.ts';

const keyGroup = 'cloud: { assignment: PT0S, enrollmentGroups: { devices: { symmetricKey: true } } }';

/** Calls the lab by a host name and returns the exit code of curl: 60 if the certificate does not have the name. */
async function callBy(ready: Ready, host: string): Promise<number> {
  const url = `https://${host}:443/${ready.idScope}/registrations/x?api-version=2021-06-01`;
  const where = ['--cacert', ready.ca, '--connect-to', `::127.0.0.1:${ready.ports.https}`];
  const call = promisify(execFile)('curl', ['-s', '-o', '/dev/null', '--max-time', '20', ...where, url]);
  return call.then(
    () => 0,
    (error: { readonly code: number }) => error.code,
  );
}

/** Returns true if openssl finds the name or address in the certificate of a listener. */
async function verifiedBy(ready: Ready, port: number, check: readonly [string, string]): Promise<boolean> {
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', ready.ca, '-verify_return_error', ...check];
  const call = promisify(execFile)('sh', ['-c', `exec openssl ${args.join(' ')} < /dev/null`]);
  return call.then(
    ({ stdout }) => stdout.includes('Verify return code: 0 (ok)'),
    () => false,
  );
}

describe('additional names in the server certificate', () => {
  test('come from the lab file and from --name, are in the certificate of every listener, and may be DNS names or addresses', async () => {
    const yaml = `serverNames: [dps, "*.lab.svc.cluster.local", 10.1.2.3]\n${keyGroup}`;
    const { ready } = await startLab({ 'lab.yaml': yaml }, [
      '--name',
      'Broker.Lab.Example',
      '--name',
      'fd00::17',
      '--name',
      '10.1.2.3',
      'lab.yaml',
    ]);
    expect(ready.names).toEqual(['dps', '*.lab.svc.cluster.local', '10.1.2.3', 'broker.lab.example', 'fd00::17']);
    for (const host of ['dps', 'eu.lab.svc.cluster.local', '10.1.2.3', 'broker.lab.example', '[fd00::17]']) {
      expect([host, await callBy(ready, host)]).toEqual([host, 0]);
    }
    expect(await callBy(ready, 'global.azure-devices-provisioning.net')).toBe(0);
    expect(await callBy(ready, 'other.lab.example')).toBe(60);
    for (const port of Object.values(ready.ports)) {
      expect(await verifiedBy(ready, port, ['-verify_hostname', 'broker.lab.example'])).toBe(true);
      expect(await verifiedBy(ready, port, ['-verify_ip', '10.1.2.3'])).toBe(true);
      expect(await verifiedBy(ready, port, ['-verify_ip', '10.1.2.4'])).toBe(false);
      expect(await verifiedBy(ready, port, ['-verify_hostname', 'other.lab.example'])).toBe(false);
    }
  });

  test('change after an edit of the lab file and a restart with --state, but the root certificate stays the same', async () => {
    const first = await startLab({ 'lab.yaml': keyGroup }, ['lab.yaml', '--state', 'lab.state', '--name', 'old.lab']);
    const root = readFileSync(first.ready.ca, 'utf8');
    expect(await callBy(first.ready, 'old.lab')).toBe(0);
    await first.end();
    writeFileSync(join(first.folder, 'lab.yaml'), `serverNames: [new.lab]\n${keyGroup}`);
    const again = await startLabIn(first.folder, ['lab.yaml', '--state', 'lab.state']);
    expect(readFileSync(again.ready.ca, 'utf8')).toBe(root);
    expect([await callBy(again.ready, 'new.lab'), await callBy(again.ready, 'old.lab')]).toEqual([0, 60]);
  });

  test.each([
    ['--name', 'https://dps.lab'],
    ['--name', 'dps.lab:443'],
    ['--name', '10.1.2.300'],
    ['--name', 'gerät.lab'],
    ['--name', '*.lab'],
    ['--name', ''],
  ])('are refused with exit code 2 if they are invalid: %s %s', async (option, name) => {
    const { exitCode, stderr } = await runLab({}, [option, name]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Expected a DNS name such as dps.lab.svc.cluster.local, or an IP address');
  });

  test('with a mistake are reported with their position in the file', async () => {
    const { exitCode, stderr } = await runLab({ 'lab.yaml': 'serverNames: [dps.lab, dps/lab, dps.lab]\n' }, [
      'lab.yaml',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('lab.yaml:1:24  expected a DNS name such as dps.lab.svc.cluster.local, or an IP address');
    expect(stderr).toContain('lab.yaml:1:33  "dps.lab" is in this list twice; remove one of them');
  });
});

describe('the ready line', () => {
  test('has the group key, and the device key that is derived from it for first-device', async () => {
    const { ready } = await startLab({ 'lab.yaml': keyGroup }, ['lab.yaml']);
    const [primary, secondary] = [
      await secret(ready, 'devices primaryKey'),
      await secret(ready, 'devices secondaryKey'),
    ];
    expect(ready.keys).toEqual({
      groups: { devices: { primaryKey: primary.toString('base64'), secondaryKey: secondary.toString('base64') } },
      enrollments: {},
      firstDevice: {
        registrationId: 'first-device',
        key: deriveDeviceKey(primary, 'first-device').toString('base64'),
        enrollmentGroup: 'devices',
      },
    });
    const { registrationId = '', key = '' } = ready.keys.firstDevice ?? {};
    const answer = await registerByKey(ready, registrationId, Buffer.from(key, 'base64'));
    expect(answer.body).toMatchObject({ status: 'assigned' });
  });

  test('has the key of an individual enrollment', async () => {
    const yaml = 'cloud: { assignment: PT0S }\nkeys: [line]\nenrollments: { gauge: { symmetricKey: line } }\n';
    const { ready } = await startLab({ 'lab.yaml': yaml }, ['lab.yaml']);
    const { registrationId = '', key = '', enrollmentGroup } = ready.keys.firstDevice ?? {};
    expect([registrationId, enrollmentGroup]).toEqual(['gauge', null]);
    expect(ready.keys.enrollments['gauge']?.primaryKey).toBe(key);
    const answer = await registerByKey(ready, registrationId, Buffer.from(key, 'base64'));
    expect(answer.body).toMatchObject({ status: 'assigned' });
  });

  test('has no key if no enrollment has a symmetric key', async () => {
    const { ready } = await startLab({ 'lab.yaml': 'cloud: {}\n' }, ['lab.yaml']);
    expect(ready.keys).toEqual({ groups: {}, enrollments: {}, firstDevice: null });
  });

  test('has the keys also without --json', async () => {
    const started = startInline({}, ['serve', '--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0']);
    const text = await started.printed('.register(console.log)');
    expect(text).toMatch(/^ {2}key of group devices: [\w+/]{86}==$/m);
    expect(text).toMatch(/^ {2}key of first-device, derived from the key of group devices: [\w+/]{43}=$/m);
    started.child.kill('SIGTERM');
    await started.ended;
  });
});
