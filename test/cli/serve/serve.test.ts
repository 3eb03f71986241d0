import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { swtpmMissing } from '../../sim/swtpm-present.ts';
import {
  controlled,
  curl,
  ownerCall,
  registerByKey,
  runLab,
  secret,
  startLab,
  startLabIn,
  startLabProcess,
  tokenHeader,
} from './lab-process.ts';
import { startInline } from '../run-inline.ts';
import { runWarmIn } from '../warm/warm-command.ts';

/** With this setting, the lab assigns devices at once, so that the first poll finds the assignment. */
const quick = 'assignment: PT0S';
const keyGroup = `cloud: { ${quick}, enrollmentGroups: { devices: { symmetricKey: true } } }`;

const assigned = { status: 200, body: { status: 'assigned', registrationState: { substatus: 'initialAssignment' } } };

describe('rehearse serve', () => {
  test('prints one JSON line when it is ready, registers a device, and exits 0 after a signal', async () => {
    const lab = await startLabProcess({ 'lab.yaml': keyGroup }, ['lab.yaml']);
    const { ready } = lab;
    expect(ready).toMatchObject({
      ready: true,
      idScope: '0ne00C0FFEE',
      hosts: {
        device: 'global.azure-devices-provisioning.net',
        hubs: { 'hub-eu': 'hub-eu.azure-devices.net' },
        hubNames: {
          'hub-eu': { device: 'hub-eu.device.azure-devices.net', service: 'hub-eu.service.azure-devices.net' },
        },
        events: 'ihsuprod-rehearsal.servicebus.windows.net',
      },
      eventHubConnectionStrings: {
        'hub-eu': expect.stringMatching(
          /^Endpoint=sb:\/\/ihsuprod-rehearsal\.servicebus\.windows\.net\/;SharedAccessKeyName=iothubowner;SharedAccessKey=.{44};EntityPath=hub-eu$/,
        ) as unknown,
      },
      tpms: {},
      state: null,
    });
    const key = deriveDeviceKey(await secret(ready, 'devices primaryKey'), 'first');
    expect(await registerByKey(ready, 'first', key)).toMatchObject(assigned);
    const wrong = await registerByKey(ready, 'second', key);
    expect(wrong).toMatchObject({ status: 401, body: { errorCode: 401002 } });
    const { exitCode, stdout, stderr } = await lab.end('SIGTERM');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(ready.ca)).toBe(false);
  });

  test('without a lab file and without --json prints commands that the user can paste', async () => {
    const started = startInline({}, ['serve', '--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0']);
    const text = await started.printed('.register(console.log)');
    const line = text.split('\n').find((one) => one.startsWith('curl ')) ?? '';
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'assigning' });
    expect(text).toMatch(
      /^127\.0\.0\.1 global\.azure-devices-provisioning\.net .*hub-eu\.azure-devices\.net hub-eu\.device\.azure-devices\.net hub-eu\.service\.azure-devices\.net ihsuprod-rehearsal\.servicebus\.windows\.net$/m,
    );
    expect(text).toContain('  Event Hubs client for hub-eu: Endpoint=sb://ihsuprod-rehearsal.servicebus.windows.net/;');
    expect(text).toMatch(/^export NODE_EXTRA_CA_CERTS=\//m);
    started.child.kill('SIGINT');
    expect((await started.ended).exitCode).toBe(0);
  });

  test('registers devices whose certificates openssl issued under a CA of the lab', async () => {
    const yaml = `
pki: { root: {}, factory: { issuer: root } }
cloud: { ${quick}, enrollmentGroups: { cams: { x509: { ca: factory } } } }
`;
    const { ready } = await startLab({ 'lab.yaml': yaml }, ['lab.yaml']);
    const pki = join(dirname(ready.ca), 'pki');
    const run = (...args: readonly string[]) => promisify(execFile)('openssl', args, { cwd: pki });
    await run(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=cam-1',
      '-keyout',
      'cam.key',
      '-out',
      'cam.csr',
    );
    await run(
      'x509',
      '-req',
      '-in',
      'cam.csr',
      '-CA',
      'factory.pem',
      '-CAkey',
      'factory-key.pem',
      '-days',
      '1',
      '-out',
      'cam.pem',
    );
    const chain = ['cam.pem', 'factory-chain.pem'].map((name) => readFileSync(join(pki, name), 'utf8')).join('');
    writeFileSync(join(pki, 'cam-chain.pem'), chain);
    expect(statSync(join(pki, 'factory-key.pem')).mode & 0o077).toBe(0);
    const shown = ['--cert', join(pki, 'cam-chain.pem'), '--key', join(pki, 'cam.key')];
    const begun = await curl(ready, 'PUT', 'cam-1/register', shown, { registrationId: 'cam-1' });
    const done = await curl(ready, 'GET', `cam-1/operations/${String(begun.body['operationId'])}`, shown);
    expect(done).toMatchObject(assigned);
  });

  test('serves two independent labs at the same time', async () => {
    const labs = await Promise.all([
      startLab({ 'lab.yaml': keyGroup }, ['lab.yaml']),
      startLab({ 'lab.yaml': keyGroup }, ['lab.yaml']),
    ]);
    const [one, other] = labs.map(({ ready }) => ready);
    if (one === undefined || other === undefined) throw new Error('fewer than two labs were started');
    const key = deriveDeviceKey(await secret(one, 'devices primaryKey'), 'first');
    expect(await registerByKey(one, 'first', key)).toMatchObject(assigned);
    expect(await registerByKey(other, 'first', key)).toMatchObject({ status: 401 });
    // A client that trusts the root of one lab does not trust the other lab.
    expect(await registerByKey({ ...other, ca: one.ca }, 'first', key)).toMatchObject({ exitCode: 60, status: 0 });
    for (const lab of labs) expect((await lab.end()).exitCode).toBe(0);
  });

  test('accepts connections of other computers only with --host, and then warns', async () => {
    const lab = await startLab({}, ['--host', '0.0.0.0']);
    const { exitCode, stderr } = await lab.end();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(/test double.*throw-away keys/),
    });
  });
});

describe('rehearse serve --state', () => {
  const yaml = `
pki: { factory: {} }
keys: [shared]
cloud: { ${quick}, enrollmentGroups: { devices: { symmetricKey: true }, cams: { x509: { ca: factory } } } }
enrollments: { gauge: { symmetricKey: shared, deviceId: Gauge-7 } }
`;
  const args = ['lab.yaml', '--state', 'kept/lab.state'];

  test('restores everything after kill -9 and after a normal end', async () => {
    const first = await startLabProcess({ 'lab.yaml': yaml }, args);
    const state = join(first.folder, 'kept/lab.state');
    const names = ['devices primaryKey', 'gauge primaryKey', 'shared'];
    const keys = await Promise.all(names.map((name) => secret(first.ready, name)));
    const [groupKey, gaugeKey] = keys;
    if (groupKey === undefined || gaugeKey === undefined)
      throw new Error('the lab has no key for the group or for the gauge');
    const roots = [readFileSync(first.ready.ca), readFileSync(join(dirname(first.ready.ca), 'pki/factory.pem'))];
    expect(await registerByKey(first.ready, 'gauge', gaugeKey)).toMatchObject(assigned);
    const made = await serviceCall(first.ready, 'PUT', 'enrollments/by-service', {
      registrationId: 'by-service',
      attestation: { type: 'symmetricKey' },
      initialTwin: { properties: { desired: { a: 1 } } },
      // This object looks like a Buffer in the state file (core/cloud/snapshot.ts), but is data of the user.
      optionalDeviceInformation: { $base64: 'no Buffer' },
    });
    expect(made).toMatchObject({ status: 200 });
    const byService = await serviceCall(first.ready, 'GET', 'enrollments/by-service');
    expect(byService.body).toMatchObject({
      registrationId: 'by-service',
      optionalDeviceInformation: { $base64: 'no Buffer' },
    });
    const twin = await twinOf(first.ready, 'Gauge-7');
    expect(twin).toMatchObject({ status: 200, body: { deviceId: 'Gauge-7' } });
    await controlled(first.ready, 'POST', '/clock/advance', { by: 'P1M' });
    const lookup = await inAMonth('gauge', first.ready, gaugeKey);
    expect(lookup).toMatchObject({ status: 200, body: { deviceId: 'Gauge-7' } });
    await first.end('SIGKILL');
    expect(statSync(state).mode & 0o077).toBe(0);

    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const again = await startLabIn(first.folder, args);
      expect(await Promise.all(names.map((name) => secret(again.ready, name)))).toEqual(keys);
      expect([readFileSync(again.ready.ca), readFileSync(join(dirname(again.ready.ca), 'pki/factory.pem'))]).toEqual(
        roots,
      );
      expect((await inAMonth('gauge', again.ready, gaugeKey)).body).toEqual(lookup.body);
      expect(again.ready.hubConnectionStrings).toEqual(first.ready.hubConnectionStrings);
      expect((await serviceCall(again.ready, 'GET', 'enrollments/by-service')).body).toEqual(byService.body);
      expect((await twinOf(again.ready, 'Gauge-7')).body).toEqual(twin.body);
      expect((await controlled(again.ready, 'GET', '/clock')).body).toMatchObject({ aheadBy: 'P1M' });
      await again.end(signal);
    }
  });

  test.each([
    ['damaged', (text: string) => text.replace('"idScope":"0ne00C0FFEE"', '"idScope":"0ne00C0FFE0"'), /is damaged/],
    ['cut off', (text: string) => text.slice(0, -100), /is damaged/],
    ['of a later version', (text: string) => text.replace('"version":1', '"version":2'), /has version 2/],
    ['not a lab state file', () => 'title: my shopping list\n', /is not a lab state file/],
  ])('refuses a state file that is %s, and does not change it', async (_, change, sentence) => {
    const lab = await startLab({ 'lab.yaml': yaml }, args);
    await lab.end();
    const state = join(lab.folder, 'kept/lab.state');
    const changed = change(readFileSync(state, 'utf8'));
    writeFileSync(state, changed);
    const outcome = await runWarmIn(lab.folder, [
      'serve',
      ...args,
      '--https-port',
      '0',
      '--mqtt-port',
      '0',
      '--amqp-port',
      '0',
    ]);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(readFileSync(state, 'utf8')).toBe(changed);
  });

  test('refuses a state that another lab uses, and a state of a different lab file', async () => {
    const lab = await startLab({ 'lab.yaml': yaml, 'other.yaml': 'cloud: { hubs: [hub-us] }' }, args);
    const ports = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];
    const second = await runWarmIn(lab.folder, ['serve', ...args, ...ports]);
    expect(second).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/another lab uses this state file/),
    });
    await lab.end();
    const misfit = await runWarmIn(lab.folder, ['serve', 'other.yaml', '--state', 'kept/lab.state', ...ports]);
    expect(misfit).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('devices of hub-eu.azure-devices.net'),
    });
  });

  test.skipIf(swtpmMissing)('restores TPMs with their endorsement keys and enrollments', async () => {
    const lab = `cloud: { ${quick} }\nenrollments: { gateway: { tpm: chip } }`;
    const first = await startLab({ 'lab.yaml': lab }, args);
    const before = first.ready.tpms['chip'];
    await first.end('SIGKILL');
    const again = await startLabIn(first.folder, [...args, '--tpm', 'spare']);
    const { chip, spare } = again.ready.tpms;
    expect(chip?.endorsementKey).toBe(before?.endorsementKey);
    expect(spare?.endorsementKey).not.toBe(chip?.endorsementKey);
    expect(spare?.simulator.port).not.toBe(chip?.simulator.port);
    const challenge = await curl(again.ready, 'PUT', 'gateway/register', [], {
      registrationId: 'gateway',
      tpm: { endorsementKey: chip?.endorsementKey, storageRootKey: chip?.endorsementKey },
    });
    expect(challenge).toMatchObject({ status: 401, body: { keyName: 'registration' } });
    expect((await again.end()).exitCode).toBe(0);
  });
});

describe('rehearse serve reports', () => {
  test('every mistake in a lab file, with its position', async () => {
    const yaml = `
clowd: {}
pki: { factory: { issuer: rooot, validity: soon } }
keys: [shared]
cloud: { hubs: [hub-eu], enrollmentGroups: { cams: { x509: { ca: factori } } }, faults: [{ answer: 429, drop: true }] }
enrollments:
  a: { symmetricKey: shaerd }
  b: { tpm: chip, symmetricKey: true }
  c: { x509: { certificate: nowhere.pem } }
  "d/e": { symmetricKey: true, hubs: [hub-us] }
`;
    const { exitCode, stdout, stderr } = await runLab({ 'lab.yaml': yaml }, ['lab.yaml']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.split('\n').filter((line) => /^lab\.yaml|mistakes? in/.test(line))).toMatchSnapshot();
  });

  test('a missing lab file, and a lab file that is not a YAML mapping', async () => {
    expect(await runLab({}, ['lab.yaml'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('cannot be read'),
    });
    const list = await runLab({ 'lab.yaml': '- a' }, ['lab.yaml']);
    expect(list).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('expected words such as cloud') });
  });

  test('a port in use, and an address of another computer', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    for (const option of ['--https-port', '--mqtt-port', '--amqp-port', '--control-port']) {
      const outcome = await runLab({}, [option, String(port)]);
      const sentence = `port ${port} is in use by another program; end that program, or choose another port with ${option}`;
      expect(outcome).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringContaining(sentence) });
    }
    const elsewhere = await runLab({}, ['--host', '203.0.113.7']);
    expect(elsewhere).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('is not an address of this computer'),
    });
  });

  test('invalid options', async () => {
    for (const args of [
      ['--mqtt-port', '65536'],
      ['--tpm', '../x'],
      ['--state', ''],
    ]) {
      expect(await runLab({}, args)).toMatchObject({ exitCode: 2, stdout: '' });
    }
  });
});

/** Looks up the status of a device whose clock is a month ahead, like the clock of the lab. */
async function inAMonth(id: string, ready: Parameters<typeof curl>[0], key: Buffer): ReturnType<typeof curl> {
  const header = tokenHeader(ready, id, key, Date.now() / 1000 + 40 * 86_400);
  return curl(ready, 'POST', id, header, { registrationId: id });
}

function serviceCall(
  ready: Parameters<typeof curl>[0],
  method: string,
  path: string,
  body?: object,
): ReturnType<typeof curl> {
  return ownerCall(ready, ready.serviceConnectionString, method, `${path}?api-version=2021-10-01`, body);
}

function twinOf(ready: Parameters<typeof curl>[0], deviceId: string): ReturnType<typeof curl> {
  const text = ready.hubConnectionStrings['hub-eu'] ?? '';
  return ownerCall(ready, text, 'GET', `twins/${deviceId}?api-version=2021-04-12`);
}
