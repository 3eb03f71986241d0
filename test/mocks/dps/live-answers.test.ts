import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { Minted } from '../../../core/x509/mint/mint.ts';
import { mint, shows } from '../clients/certificates.ts';
import { derivedKey, dpsToken, group, individual, symmetricKeys } from '../clients/credentials.ts';
import { deviceListeners, pollAt, registerAt, type DeviceListener, type Told } from '../clients/device-at-listener.ts';
import { lookUp, poll, register, type Shown } from '../clients/device-wire.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { askService } from '../clients/service-wire.ts';

// These tests expect values that published live tests recorded: azure-iot-cli-extension (device_registration; in 2022 over HTTPS with API
// version 2021-10-01, until 2024 over MQTT), terraform-provider-azurerm#10224, azure-iot-sdk-c#1748, azure-iot-sdk-node#721.

const opened: OpenCloud[] = [];
afterEach(() => Promise.all(opened.splice(0).map(({ cloud }) => cloud.close())));

async function cloudWith(
  fidelity: Partial<FidelitySettings> = {},
  settings: Partial<CloudSettings> = {},
): Promise<OpenCloud> {
  const open = await openCloud({ assignmentMs: 0, fidelity: { ...defaultFidelity, ...fidelity }, ...settings });
  opened.push(open);
  return open;
}

const keys = symmetricKeys();
const byPrimary = (id = 'dev'): Shown => ({ token: dpsToken(keys.primaryKey, id), apiVersion: '2021-10-01' });
const bySecondary = (id = 'dev'): Shown => ({ token: dpsToken(keys.secondaryKey, id), apiVersion: '2021-10-01' });
const numberIn = ({ body }: { readonly body: unknown }): unknown => (body as Record<string, unknown>)['errorCode'];

/** Registers over a protocol, polls once and returns the last answer. */
async function end(open: OpenCloud, door: DeviceListener, id: string, shown: Shown): Promise<Told> {
  const accepted = await registerAt(door, open, id, shown);
  const { operationId } = accepted.body as { readonly operationId: string };
  return pollAt(door, open, id, shown, operationId);
}

async function stateOf(open: OpenCloud, id: string, shown: Shown): Promise<Record<string, unknown>> {
  const { body } = await end(open, 'https', id, shown);
  return (body as { readonly registrationState: Record<string, unknown> }).registrationState;
}

const registration = async (open: OpenCloud, id: string, apiVersion = '2021-10-01') => {
  const { status, body } = await askService(open, 'GET', `/registrations/${id}`, { apiVersion });
  return { status, ...body };
};

describe('a disabled enrollment', () => {
  const off = individual('f2', keys, { provisioningStatus: 'disabled' });

  test.each(deviceListeners)('gives status `disabled` over %s at once, without an operation', async (door) => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(off);
    const { status, body } = await registerAt(door, open, 'f2', byPrimary('f2'));
    expect(status).toBe(door === 'amqp' ? 'answer' : 200);
    expect(body).toEqual({
      operationId: '',
      status: 'disabled',
      registrationState: {
        registrationId: 'f2',
        status: 'disabled',
        etag: expect.stringMatching(/=$/),
        lastUpdatedDateTimeUtc: '2026-01-05T12:00:00.0000000Z',
      },
    });
    const { registrationState } = body as { readonly registrationState: object };
    const looked = await lookUp(open.cloud, 'f2', byPrimary('f2'));
    expect([looked.status, looked.body]).toEqual([200, registrationState]);
    expect(await registration(open, 'f2')).toEqual({ ...registrationState, status: 'disabled' });
    const { body: enrollment } = await askService(open, 'GET', '/enrollments/f2');
    expect(enrollment).toMatchObject({ registrationState });
  });

  test('of a group is visible only to a client with the right key, and the group lists the registration of this client', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollmentGroup(group('line', keys, { provisioningStatus: 'disabled' }));
    const shown = { token: dpsToken(derivedKey(keys.primaryKey, 'one'), 'one') };
    expect((await register(open.cloud, 'one', shown)).body).toMatchObject({ status: 'disabled' });
    const wrong = await register(open.cloud, 'two', { token: dpsToken(keys.primaryKey, 'two') });
    expect([wrong.status, numberIn(wrong)]).toEqual([401, 401002]);
    const { body } = await askService(open, 'POST', '/registrations/line/query', { body: { query: '*' } });
    expect(body).toMatchObject([{ registrationId: 'one', status: 'disabled' }]);
    expect(Object.keys(body ?? {})).toHaveLength(1);
  });

  test('changes a registration only when the device registers again; when the operator enables the enrollment, DPS can assign the device again', async () => {
    const open = await cloudWith();
    const { operator } = open.cloud;
    operator.putEnrollment(individual('f2', keys));
    expect(await stateOf(open, 'f2', byPrimary('f2'))).toMatchObject({ status: 'assigned' });
    operator.putEnrollment(off);
    expect((await lookUp(open.cloud, 'f2', byPrimary('f2'))).body).toMatchObject({
      status: 'assigned',
      deviceId: 'f2',
    });
    await register(open.cloud, 'f2', byPrimary('f2'));
    const shown = await registration(open, 'f2');
    expect([shown.status, shown['deviceId' as never]]).toEqual(['disabled', undefined]);
    operator.putEnrollment(individual('f2', keys));
    const again = await stateOf(open, 'f2', byPrimary('f2'));
    expect(again).toMatchObject({ status: 'assigned', substatus: 'reprovisionedToInitialAssignment' });
    expect(await registration(open, 'f2')).toMatchObject({ status: 'assigned' });
  });
});

describe('if DPS finds no hub', () => {
  const noHub = { hubs: hubs.map((host) => ({ host, applyAllocationPolicy: false })) };

  test.each(deviceListeners)(
    'the operation fails with 401001 over %s, and the registration can be read',
    async (door) => {
      const open = await cloudWith({}, noHub);
      open.cloud.operator.putEnrollment(individual('dev', keys));
      const done = await end(open, door, 'dev', byPrimary());
      const failed = { status: 'failed', errorCode: 401001, errorMessage: 'IoTHub not found.', registrationId: 'dev' };
      expect(done.body).toMatchObject({ status: 'failed', registrationState: failed });
      const { registrationState } = done.body as { readonly registrationState: Record<string, unknown> };
      expect(Object.keys(registrationState)).toEqual(expect.arrayContaining(['etag', 'createdDateTimeUtc']));
      const looked = await lookUp(open.cloud, 'dev', byPrimary());
      expect([looked.status, looked.body]).toEqual([200, registrationState]);
      expect(await registration(open, 'dev')).toEqual(registrationState);
      expect(open.lastVerdict()).toBe('dps passed');
    },
  );

  test('a device that was assigned before has the state `failed` until DPS assigns it again', async () => {
    const open = await cloudWith();
    const { operator } = open.cloud;
    operator.putEnrollment(individual('dev', keys, { hubs: [hubs[0]] }));
    await stateOf(open, 'dev', byPrimary());
    operator.setHubLink(hubs[0], 'unauthorized');
    expect(await stateOf(open, 'dev', byPrimary())).toMatchObject({ status: 'failed', errorCode: 400209 });
    expect((await lookUp(open.cloud, 'dev', byPrimary())).body).toMatchObject({ status: 'failed', errorCode: 400209 });
    operator.setHubLink(hubs[0], 'healthy');
    expect(await stateOf(open, 'dev', byPrimary())).toMatchObject({ status: 'assigned', assignedHub: hubs[0] });
    expect((await lookUp(open.cloud, 'dev', byPrimary())).body).toMatchObject({ status: 'assigned' });
  });

  test('a failed registration can be deleted', async () => {
    const open = await cloudWith({}, noHub);
    open.cloud.operator.putEnrollment(individual('dev', keys));
    await end(open, 'https', 'dev', byPrimary());
    const { status } = await askService(open, 'DELETE', '/registrations/dev');
    expect([status, (await lookUp(open.cloud, 'dev', byPrimary())).status]).toEqual([204, 404]);
  });

  test('an enrollment with static allocation and without hubs is accepted, and its devices get 400208', async () => {
    const open = await cloudWith();
    const made = await askService(open, 'PUT', '/enrollmentGroups/line', {
      body: { enrollmentGroupId: 'line', allocationPolicy: 'static', attestation: { type: 'symmetricKey' } },
    });
    expect([made.status, made.body?.['allocationPolicy']]).toEqual([200, 'static']);
    open.cloud.operator.putEnrollment(individual('dev', keys, { allocationPolicy: 'static' }));
    expect(await stateOf(open, 'dev', byPrimary())).toMatchObject({ status: 'failed', errorCode: 400208 });
  });
});

describe('the answer to a wrong token', () => {
  const bad: Shown = { token: dpsToken(randomBytes(64), 'dev') };

  test.each<[FidelitySettings['badTokenNumber'], DeviceListener, number]>([
    ['by-transport', 'https', 401002],
    ['by-transport', 'mqtt', 401000],
    ['by-transport', 'amqp', 401000],
    ['401000', 'https', 401000],
    ['401002', 'mqtt', 401002],
    ['401002', 'amqp', 401002],
  ])('under `badTokenNumber: %s`, over %s, is %i "Unauthorized"', async (badTokenNumber, door, errorCode) => {
    const open = await cloudWith({ badTokenNumber });
    open.cloud.operator.putEnrollment(individual('dev', keys));
    expect((await registerAt(door, open, 'dev', bad)).body).toMatchObject({ errorCode, message: 'Unauthorized' });
    const nobody = { token: dpsToken(keys.primaryKey, 'nobody') };
    expect((await registerAt(door, open, 'nobody', nobody)).body).toMatchObject({ errorCode });
  });
});

describe('a second registration', () => {
  test.each([
    ['2018-11-01', 'initialAssignment'],
    ['2019-03-31', 'initialAssignment'],
    ['2019-04-15', 'reprovisionedToInitialAssignment'],
    ['2021-06-01', 'reprovisionedToInitialAssignment'],
    ['2021-10-01', 'reprovisionedToInitialAssignment'],
  ])(
    'with API version %s has the substatus %s; the service API always returns `reprovisionedToInitialAssignment`',
    async (apiVersion, substatus) => {
      const open = await cloudWith();
      open.cloud.operator.putEnrollment(individual('dev', keys));
      const shown = { ...byPrimary(), apiVersion };
      expect(await stateOf(open, 'dev', shown)).toMatchObject({ substatus: 'initialAssignment' });
      expect(await stateOf(open, 'dev', shown)).toMatchObject({ substatus });
      expect((await lookUp(open.cloud, 'dev', shown)).body).toMatchObject({ substatus });
      expect(await registration(open, 'dev')).toMatchObject({ substatus: 'reprovisionedToInitialAssignment' });
    },
  );

  test('has the substatus `initialAssignment` if the first registration was deleted and the device ID changed', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys));
    await stateOf(open, 'dev', byPrimary());
    open.cloud.operator.putEnrollment(individual('dev', keys, { deviceId: 'renamed' }));
    await askService(open, 'DELETE', '/registrations/dev');
    const again = await stateOf(open, 'dev', byPrimary());
    expect(again).toMatchObject({ substatus: 'initialAssignment', deviceId: 'renamed' });
  });
});

describe('after a registration with one key of an enrollment, the other key', () => {
  test('is refused over HTTPS in register, poll and lookup', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys));
    const accepted = await register(open.cloud, 'dev', bySecondary());
    const operationId = accepted.body?.['operationId'];
    expect((await poll(open.cloud, 'dev', operationId, bySecondary())).body).toMatchObject({ status: 'assigned' });
    for (const answer of [
      await register(open.cloud, 'dev', byPrimary()),
      await poll(open.cloud, 'dev', operationId, byPrimary()),
      await lookUp(open.cloud, 'dev', byPrimary()),
    ]) {
      expect([answer.status, answer.body]).toMatchObject([401, { errorCode: 401002, message: 'Unauthorized' }]);
    }
    expect(open.lastVerdict()).toBe('dps token-signature-matches');
    expect((await lookUp(open.cloud, 'dev', bySecondary())).status).toBe(200);
    await askService(open, 'DELETE', '/registrations/dev');
    expect((await register(open.cloud, 'dev', byPrimary())).status).toBe(202);
  });

  test('is refused over HTTPS too if the device derived both keys from the keys of an enrollment group', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollmentGroup(group('line', keys));
    const of = (key: Buffer): Shown => ({ token: dpsToken(derivedKey(key, 'one'), 'one') });
    expect((await register(open.cloud, 'one', of(keys.primaryKey))).status).toBe(202);
    expect((await register(open.cloud, 'one', of(keys.secondaryKey))).status).toBe(401);
    expect((await register(open.cloud, 'one', of(keys.primaryKey))).status).toBe(202);
  });

  test.each<[FidelitySettings['otherSymmetricKey'], DeviceListener, boolean]>([
    ['by-transport', 'mqtt', true],
    ['by-transport', 'amqp', true],
    ['accept', 'https', true],
    ['refuse', 'mqtt', false],
    ['refuse', 'amqp', false],
  ])('under `otherSymmetricKey: %s`, over %s, is accepted: %s', async (otherSymmetricKey, door, isAccepted) => {
    const open = await cloudWith({ otherSymmetricKey });
    open.cloud.operator.putEnrollment(individual('dev', keys));
    await end(open, door, 'dev', byPrimary());
    const { body } = await registerAt(door, open, 'dev', bySecondary());
    expect(body).toMatchObject(isAccepted ? { status: 'assigning' } : { message: 'Unauthorized' });
  });

  test('is accepted only if it is a new key that replaced the used key in the enrollment', async () => {
    const open = await cloudWith();
    open.cloud.operator.putEnrollment(individual('dev', keys));
    await end(open, 'https', 'dev', byPrimary());
    const renewed = { ...symmetricKeys(), secondaryKey: keys.secondaryKey };
    open.cloud.operator.putEnrollment(individual('dev', renewed));
    for (const key of [renewed.primaryKey, renewed.primaryKey])
      expect((await register(open.cloud, 'dev', { token: dpsToken(key, 'dev') })).status).toBe(202);
    expect((await register(open.cloud, 'dev', bySecondary())).status).toBe(401);
  });
});

describe('a device whose certificate has no enrollment', () => {
  test.each([
    ['the only group', false],
    ['one of two groups', true],
  ])('gets 401002 "Unauthorized" if its CA is verified and its group, now deleted, was %s', async (_n, also) => {
    const open = await cloudWith();
    const { operator } = open.cloud;
    const [root, other] = [await mint('Root', { ca: {} }), await mint('Other', { ca: {} })];
    const line = await mint('Line', { ca: {}, by: root });
    operator.uploadCaCertificate('root', root.der, true);
    operator.putEnrollmentGroup(group('deleted', { type: 'x509', primary: line.der }));
    if (also) operator.putEnrollmentGroup(group('other', { type: 'x509', primary: other.der }));
    operator.deleteEnrollmentGroup('deleted');
    const shown = { client: shows(await mint('dev', { by: line }), line) };
    for (const door of deviceListeners) {
      const { body } = await registerAt(door, open, 'dev', shown);
      expect(body).toMatchObject({ errorCode: 401002, message: 'Unauthorized' });
      expect(open.lastVerdict()).toBe('dps enrollment-found');
    }
  });

  test.each([
    ['in a service without groups', []],
    ['beside the group of another CA', ['x509']],
    ['beside a group that refers to a missing CA', ['caReference']],
  ])('gets "CA certificate not found." if its CA is not verified: %s', async (_name, kinds) => {
    const open = await cloudWith();
    const [root, other] = [await mint('Root', { ca: {} }), await mint('Other', { ca: {} })];
    for (const kind of kinds) {
      const attestation =
        kind === 'x509'
          ? { type: 'x509' as const, primary: other.der }
          : { type: 'caReference' as const, primary: 'gone' };
      open.cloud.operator.putEnrollmentGroup(group(kind, attestation));
    }
    const { status, body } = await register(open.cloud, 'dev', {
      client: shows(await mint('dev', { by: root }), root),
    });
    expect([status, body]).toMatchObject([401, { errorCode: 401002, message: 'CA certificate not found.' }]);
    expect(open.lastVerdict()).not.toBe('dps ca-held');
  });

  test('fails the check `ca-held` if its certificate names, as its issuer, the missing CA to which a group refers', async () => {
    const open = await cloudWith();
    const root = await mint('factory-root', { ca: {} });
    open.cloud.operator.putEnrollmentGroup(group('line', { type: 'caReference', primary: 'factory-root' }));
    await register(open.cloud, 'dev', { client: shows(await mint('dev', { by: root })) });
    expect(open.lastVerdict()).toBe('dps ca-held');
  });
});

describe('a chain to the CA of its group', () => {
  /** Returns a leaf below `length` intermediate CAs that chain to `root`. */
  async function below(root: Minted, length: number): Promise<Shown> {
    const chain = [root];
    for (let level = 0; level < length; level++)
      chain.unshift(await mint(`CA ${level}`, { ca: {}, by: chain[0] ?? root }));
    return { client: shows(await mint('dev', { by: chain[0] ?? root }), ...chain.slice(0, -1)) };
  }

  test.each([9, 12, 30])('of %i intermediates is accepted', async (length) => {
    const open = await cloudWith();
    const root = await mint('Root', { ca: {} });
    open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
    expect((await register(open.cloud, 'dev', await below(root, length))).status).toBe(202);
  });

  test('of 70 intermediates is refused because of its size, even if another group refers to a missing CA', async () => {
    const open = await cloudWith();
    const root = await mint('Root', { ca: {} });
    open.cloud.operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
    open.cloud.operator.putEnrollmentGroup(group('other', { type: 'caReference', primary: 'gone' }));
    expect((await register(open.cloud, 'dev', await below(root, 70))).body).toMatchObject({ errorCode: 401002 });
    expect(open.lastVerdict()).toBe('dps chain-within-bounds');
  });
});

describe('the enrollment group in the state of a registration', () => {
  test.each<[FidelitySettings['enrollmentGroupIdInState'], unknown, unknown]>([
    ['shown', { enrollmentGroupId: 'certificates' }, { enrollmentGroupId: 'keys' }],
    ['x509-only', { enrollmentGroupId: 'certificates' }, undefined],
    ['none', {}, undefined],
  ])(
    'is included or omitted by the switch `enrollmentGroupIdInState`: %s',
    async (enrollmentGroupIdInState, x509, symmetricKey) => {
      const open = await cloudWith({ enrollmentGroupIdInState });
      const root = await mint('Root', { ca: {} });
      open.cloud.operator.putEnrollmentGroup(group('certificates', { type: 'x509', primary: root.der }));
      open.cloud.operator.putEnrollmentGroup(group('keys', keys));
      const byCertificate = { client: shows(await mint('dev', { by: root })) };
      const byKey = { token: dpsToken(derivedKey(keys.primaryKey, 'one'), 'one') };
      expect((await stateOf(open, 'dev', byCertificate))['x509']).toEqual(x509);
      expect((await stateOf(open, 'one', byKey))['symmetricKey']).toEqual(symmetricKey);
      expect((await lookUp(open.cloud, 'dev', byCertificate)).body?.['x509']).toEqual(x509);
      expect(Object.keys(await registration(open, 'dev'))).not.toContain('x509');
    },
  );

  test('is omitted for individual enrollments', async () => {
    const open = await cloudWith();
    const leaf = await mint('cert');
    open.cloud.operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }));
    open.cloud.operator.putEnrollment(individual('dev', keys));
    expect((await stateOf(open, 'cert', { client: shows(leaf) }))['x509']).toEqual({});
    expect(Object.keys(await stateOf(open, 'dev', byPrimary()))).not.toContain('symmetricKey');
  });
});
