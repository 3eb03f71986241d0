import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { deviceApiVersions } from '../../../core/wire/dps-wire.ts';
import { AmqpClient, jsonOf } from '../clients/amqp-client.ts';
import { tpmHalf } from '../clients/amqp-tpm-half.ts';
import { mint, shows } from '../clients/certificates.ts';
import { dpsToken, group, individual, symmetricKeys } from '../clients/credentials.ts';
import { deviceListeners, pollAt, registerAt, type DeviceListener, type Told } from '../clients/device-at-listener.ts';
import { lookUp, poll, register, type Shown } from '../clients/device-wire.ts';
import { expectFit } from '../clients/fit-schema.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { ClientCertificate } from '../clients/raw-https.ts';
import { makeRequest } from '../clients/signing-requests.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

const keys = symmetricKeys();
const chip = new SoftTpm();
const opened: OpenCloud[] = [];
let open: OpenCloud;
let client: ClientCertificate;
let chainClient: ClientCertificate;
let csr: string;

beforeAll(async () => {
  open = await openCloud({ credentialPolicies: { daily: { validityDays: 1 } } });
  opened.push(open);
  const { operator } = open.cloud;
  const leaf = await mint('cert');
  const root = await mint('Root', { ca: {} });
  client = shows(leaf);
  chainClient = shows(await mint('member', { by: root }));
  csr = (await makeRequest('/CN=dev')).csr;
  operator.putEnrollment(individual('dev', keys, { credentialPolicyName: 'daily' }));
  operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }));
  operator.putEnrollment(individual('chip', { type: 'tpm', endorsementKey: chip.endorsementKey }));
  operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
});
afterAll(() => Promise.all(opened.map(({ cloud }) => cloud.close())));

const byKey = (id = 'dev'): Shown => ({ token: dpsToken(keys.primaryKey, id) });
const field = ({ body }: { readonly body: unknown }, name: string): string =>
  String((body as Record<string, unknown>)[name]);

/** Registers, polls during and after the assignment and checks each answer against its schema. Returns the last answer. */
async function course(door: DeviceListener, id: string, showing: Shown, cloud = open): Promise<Told> {
  const accepted = await registerAt(door, cloud, id, showing);
  expect(accepted.status).toBe(door === 'amqp' ? 'answer' : 202);
  expectFit('device/device-accepted', accepted.body);
  const running = await pollAt(door, cloud, id, showing, field(accepted, 'operationId'));
  expect(running.status).toBe(door === 'amqp' ? 'answer' : 202);
  expectFit('device/device-running', running.body);
  cloud.clock.set(noon + 2000);
  const done = await pollAt(door, cloud, id, showing, field(accepted, 'operationId'));
  cloud.clock.set(noon);
  expect(done.status).toBe(door === 'amqp' ? 'answer' : 200);
  return done;
}

describe.each(deviceListeners)('the schema of device answers over %s', (door) => {
  test('matches all answers to a device with a symmetric key', async () => {
    expectFit('device/device-assigned-symmetric-key', (await course(door, 'dev', byKey())).body);
  });

  test.each([
    ['its own certificate', 'cert', () => client],
    ['the certificate of a group', 'member', () => chainClient],
  ])('matches all answers to a device with %s', async (_name, id, shown) => {
    expectFit('device/device-assigned-x509', (await course(door, id, { client: shown() })).body);
  });

  test('matches all answers to a device that requests a certificate', async () => {
    const done = await course(door, 'dev', { ...byKey(), apiVersion: '2026-04-01', body: { csr } });
    expectFit('device/device-assigned-issued', done.body);
  });

  test('matches the answers about an operation that fails because of the attestation or because of the hub', async () => {
    const fidelity = { ...defaultFidelity, attestationFailure: 'operation' } as const;
    const other = await openCloud({ fidelity });
    opened.push(other);
    other.cloud.operator.putEnrollment(individual('dev', keys, { allocationPolicy: 'static', hubs: [hubs[1]] }));
    const bad = { token: dpsToken(keys.primaryKey, 'dev', { se: 5 }) };
    expectFit('device/device-failed', (await course(door, 'dev', bad, other)).body);
    other.cloud.operator.setHubLink(hubs[1], 'stale-key');
    const failed = await course(door, 'dev', byKey(), other);
    expectFit('device/device-failed', failed.body);
    const { errorMessage } = (failed.body as { registrationState: { errorMessage: string } }).registrationState;
    expect(JSON.parse(errorMessage)).toMatchObject({ ExceptionMessage: '' });
  });

  test('matches the answers for a disabled enrollment, at once and as the result of an operation', async () => {
    const other = await openCloud();
    const slow = await openCloud({ fidelity: { ...defaultFidelity, disabledEnrollment: 'status' } });
    opened.push(other, slow);
    const off = individual('dev', keys, { provisioningStatus: 'disabled' });
    for (const { cloud } of [other, slow]) cloud.operator.putEnrollment(off);
    const answer = await registerAt(door, other, 'dev', byKey());
    expect(answer.status).toBe(door === 'amqp' ? 'answer' : 200);
    expectFit('device/device-disabled', answer.body);
    const { operationId, ...rest } = (await course(door, 'dev', byKey(), slow)).body as Record<string, unknown>;
    expect(operationId).not.toBe('');
    expectFit('device/device-disabled', { operationId: '', ...rest });
  });

  test('matches the answer under the first API version, which has a different field for the registration state', async () => {
    const showing = { ...byKey(), apiVersion: '2017-08-31-preview' };
    const accepted = await registerAt(door, open, 'dev', showing);
    expectFit('device/device-accepted', accepted.body);
    open.clock.set(noon + 2000);
    const done = await pollAt(door, open, 'dev', showing, field(accepted, 'operationId'));
    open.clock.set(noon);
    expectFit('device/device-assigned-2017-08-31-preview', done.body);
  });
});

describe('the schema of the answers to a TPM', () => {
  test('matches the challenge over HTTPS, and the hub key in the last answer', async () => {
    const challenge = await register(open.cloud, 'chip', { body: chip.body });
    expect(challenge.status).toBe(401);
    expectFit('device/device-tpm-challenge', challenge.body);
    const token = dpsToken(chip.unwrap(challenge.body?.['authenticationKey']), 'chip');
    const accepted = await register(open.cloud, 'chip', { body: chip.body, token });
    expectFit('device/device-accepted', accepted.body);
    open.clock.set(noon + 2000);
    const done = await poll(open.cloud, 'chip', field(accepted, 'operationId'), { token });
    open.clock.set(noon);
    expectFit('device/device-assigned-tpm', done.body);
  });

  test('matches the challenge in SASL over AMQP, and the hub key in the last answer', async () => {
    const device = await AmqpClient.open(open.cloud, 'chip', { mechanisms: { TPM: tpmHalf('chip', chip) } });
    const accepted = jsonOf(await device.register(''));
    expectFit('device/device-accepted', accepted);
    open.clock.set(noon + 2000);
    const done = jsonOf(await device.poll(accepted['operationId']));
    open.clock.set(noon);
    expectFit('device/device-assigned-tpm', done);
    await device.close();
  });
});

describe('the schema of the status lookup', () => {
  test.each(deviceApiVersions)('matches the answer under api-version %s', async (apiVersion) => {
    const { token } = byKey();
    await register(open.cloud, 'dev', { token });
    const answer = await lookUp(open.cloud, 'dev', { token, apiVersion });
    expect(answer.status).toBe(200);
    const old = /^201[78]-/.test(apiVersion);
    // Older API versions put the ETag into quotes; all other fields are equal.
    expectFit('device/device-status', old ? { ...answer.body, etag: base64(answer.body?.['etag']) } : answer.body);
  });

  test('matches the challenge that a TPM gets', async () => {
    const answer = await lookUp(open.cloud, 'chip', { body: chip.body });
    expect(answer.status).toBe(401);
    expectFit('device/device-tpm-challenge', answer.body);
  });
});

const base64 = (text: unknown): string => Buffer.from(String(text)).toString('base64');

describe('the schemas of device answers', () => {
  test.each([
    [
      'device/device-accepted',
      { operationId: '4.0123456789abcdef.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550', status: 'assigned' },
    ],
    [
      'device/device-error',
      { errorCode: 401002, trackingId: 'x', message: 'm', timestampUtc: '2019-03-15T19:43:02.790Z' },
    ],
    ['device/device-tpm-challenge', { keyName: 'registration' }],
    ['device/device-disabled', { status: 'disabled' }],
  ])('refuse answers of another shape: %s', (name, body) => {
    expect(() => expectFit(name, body)).toThrow(name);
  });

  test('accept the answers that were recorded from the real service', () => {
    expectFit('device/device-accepted', {
      operationId: '5.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550',
      status: 'assigning',
    });
    expectFit('device/device-error', {
      errorCode: 401002,
      trackingId: 'f40da7ba-8c91-4796-8fc3-89e1dfbdbe05',
      message: 'Invalid certificate',
      timestampUtc: '2019-03-15T19:43:02.7904455Z',
    });
    expectFit('device/device-assigned-x509', {
      operationId: '4.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550',
      status: 'assigned',
      registrationState: {
        x509: {},
        registrationId: 'my-x509-device',
        createdDateTimeUtc: '2022-08-31T22:02:50.5163352Z',
        assignedHub: 'MyExampleHub.azure-devices.net',
        deviceId: 'my-x509-device',
        status: 'assigned',
        substatus: 'initialAssignment',
        lastUpdatedDateTimeUtc: '2022-08-31T22:02:50.7370676Z',
        etag: 'IjY5MDAzNTUyLTAwMDAtMDMwMC0wMDAwLTYzMGZkYThhMDAwMCI=',
      },
    });
  });
});
