import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failureOf, register, security } from './clients.ts';
import { hub, mintNow, openLab, type Lab } from './lab.ts';
import { countEachAs } from './sdk-row.ts';
import { nextPage, openServiceApi, runBulk } from './service-api-client.ts';

type Client = ProvisioningServiceClient;
/** The types of the SDK require properties that the service does not require. */
type Enrollment = Parameters<Client['createOrUpdateIndividualEnrollment']>[0];
type Group = Parameters<Client['createOrUpdateEnrollmentGroup']>[0];
type Attestation = Enrollment['attestation'];

interface Stored {
  readonly etag: string;
  readonly deviceId?: string;
  readonly provisioningStatus: string;
  readonly attestation: Attestation;
  readonly initialTwin?: unknown;
}

/** The calls of the SDK for one kind of enrollment. `id` is unique. */
interface Calls {
  readonly body: (id: string, more?: object) => object;
  readonly put: (client: Client, body: object) => Promise<Stored>;
  readonly get: (client: Client, id: string) => Promise<Stored>;
  readonly mechanism: (client: Client, id: string) => Promise<Attestation>;
  readonly remove: (client: Client, what: string | object, etag?: string) => Promise<void>;
}

const keys = {
  primaryKey: Buffer.alloc(32, 1).toString('base64'),
  secondaryKey: Buffer.alloc(32, 2).toString('base64'),
};
const byKey = { type: 'symmetricKey', symmetricKey: keys };

const individual: Calls = {
  body: (registrationId, more) => ({ registrationId, attestation: byKey, ...more }),
  put: async (client, body) => (await client.createOrUpdateIndividualEnrollment(body as Enrollment)).responseBody,
  get: async (client, id) => (await client.getIndividualEnrollment(id)).responseBody,
  mechanism: async (client, id) => (await client.getIndividualEnrollmentAttestationMechanism(id)).responseBody,
  remove: (client, what, etag) =>
    etag === undefined
      ? client.deleteIndividualEnrollment(what as Enrollment)
      : client.deleteIndividualEnrollment(what as Enrollment, etag),
};

const group: Calls = {
  body: (enrollmentGroupId, more) => ({ enrollmentGroupId, attestation: byKey, ...more }),
  put: async (client, body) => (await client.createOrUpdateEnrollmentGroup(body as Group)).responseBody as Stored,
  get: async (client, id) => (await client.getEnrollmentGroup(id)).responseBody as Stored,
  mechanism: async (client, id) => (await client.getEnrollmentGroupAttestationMechanism(id)).responseBody,
  remove: (client, what, etag) =>
    etag === undefined
      ? client.deleteEnrollmentGroup(what as Group)
      : client.deleteEnrollmentGroup(what as Group, etag),
};

/** Returns an RSA endorsement key as a TPM2B_PUBLIC in base64, with the template of the TCG profile and a random modulus. */
function tpmKey(): string {
  const head =
    '013a0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa00060080004300100800000000000100';
  return Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(256, 0xa5)]).toString('base64');
}

const both: [string, Calls][] = [
  ['an individual enrollment', individual],
  ['a group', group],
];
const notFound = { name: 'Error', message: 'Not found' };
const staleEtag = { name: 'InvalidEtagError', said: { errorCode: 412_001 } };

describe('each call of the Node provisioning service SDK', () => {
  countEachAs('Node provisioning service SDK', 'https', 'policy');
  let lab: Lab;
  let client: Client;
  let id: string;
  let count = 0;

  beforeAll(async () => {
    lab = await openLab();
    client = openServiceApi(lab);
  });
  beforeEach(() => {
    id = `record-${++count}`;
  });
  afterAll(() => lab.close());

  async function certificate(commonName: string, ca?: object): Promise<{ certificate: string }> {
    return { certificate: (await mintNow(commonName, undefined, ca)).pem };
  }

  /** Registers a device with the primary key of its individual enrollment. */
  const registerByKey = (registrationId: string): ReturnType<typeof register> =>
    register(lab, 'https', security.symmetricKey(registrationId, Buffer.from(keys.primaryKey, 'base64')));

  describe.each(both)('%s', (_name, calls) => {
    test('is enabled after its creation, and can be read', async () => {
      const made = await calls.put(client, calls.body(id));
      expect(made).toMatchObject({
        ...calls.body(id),
        provisioningStatus: 'enabled',
        etag: expect.any(String) as unknown,
        createdDateTimeUtc: expect.any(String) as unknown,
        lastUpdatedDateTimeUtc: expect.any(String) as unknown,
      });
      const { attestation: _withKeys, ...rest } = made;
      expect(await calls.get(client, id)).toMatchObject(rest);
    });

    test('keeps the keys of the enrollment, which `getAttestationMechanism` returns', async () => {
      await calls.put(client, calls.body(id));
      expect((await calls.get(client, id)).attestation.symmetricKey?.primaryKey).toBeUndefined();
      expect(await calls.mechanism(client, id)).toMatchObject(byKey);
    });

    test('is updated with its ETag and gets a new ETag', async () => {
      const first = await calls.put(client, calls.body(id));
      const second = await calls.put(client, { ...first, provisioningStatus: 'disabled' });
      expect(second.provisioningStatus).toBe('disabled');
      expect(second.etag).not.toBe(first.etag);
      expect(await failureOf(calls.put(client, { ...first, provisioningStatus: 'enabled' }))).toMatchObject(staleEtag);
      expect((await calls.get(client, id)).provisioningStatus).toBe('disabled');
    });

    test('is updated with the ETag `*`', async () => {
      await calls.put(client, calls.body(id));
      const second = await calls.put(client, calls.body(id, { etag: '*', provisioningStatus: 'disabled' }));
      expect(second.provisioningStatus).toBe('disabled');
    });

    test('cannot be created twice', async () => {
      await calls.put(client, calls.body(id));
      expect(await failureOf(calls.put(client, calls.body(id)))).toMatchObject({
        name: 'DeviceAlreadyExistsError',
        said: { errorCode: 409_201 },
      });
    });

    test.each<[string, (made: Stored, id: string) => [string | object, string?]]>([
      ['by ID', (_made, name) => [name]],
      ['by ID and ETag', (made, name) => [name, made.etag]],
      ['by ID and *', (_made, name) => [name, '*']],
      ['as an object with its ETag', (made) => [made]],
      ['as an object without ETag', (_made, name) => [calls.body(name)]],
    ])('is deleted %s', async (_way, what) => {
      const made = await calls.put(client, calls.body(id));
      await calls.remove(client, ...what(made, id));
      expect(await failureOf(calls.get(client, id))).toMatchObject(notFound);
    });

    test('cannot be deleted with a former ETag', async () => {
      const first = await calls.put(client, calls.body(id));
      await calls.put(client, { ...first, provisioningStatus: 'disabled' });
      expect(await failureOf(calls.remove(client, first))).toMatchObject(staleEtag);
      expect(await failureOf(calls.remove(client, id, first.etag))).toMatchObject(staleEtag);
      expect((await calls.get(client, id)).provisioningStatus).toBe('disabled');
    });

    test('is answered with 404 if it does not exist', async () => {
      expect(await failureOf(calls.get(client, id))).toMatchObject({ ...notFound, said: { errorCode: 404_201 } });
      expect(await failureOf(calls.mechanism(client, id))).toMatchObject(notFound);
      expect(await failureOf(calls.remove(client, id))).toMatchObject(notFound);
    });

    test('stores an initial twin, and is refused if the initial twin has `$metadata`', async () => {
      const initialTwin = { tags: { site: 'east' }, properties: { desired: { period: 5 } } };
      const made = await calls.put(client, calls.body(id, { initialTwin }));
      expect(made.initialTwin).toMatchObject(initialTwin);
      const $metadata = { $lastUpdated: '2026-01-01T00:00:00Z' };
      const copied = { tags: { ...initialTwin.tags, $metadata }, properties: initialTwin.properties };
      expect(await failureOf(calls.put(client, { ...made, initialTwin: copied }))).toMatchObject({
        name: 'ArgumentError',
        message: expect.stringContaining('$metadata') as unknown,
        said: { errorCode: 400_004 },
      });
      expect((await calls.get(client, id)).initialTwin).toMatchObject(initialTwin);
    });

    test.each([
      ['hashed', {}],
      ['geoLatency', {}],
      ['static', { iotHubs: [hub] }],
      ['static', {}],
      ['custom', { customAllocationDefinition: { webhookUrl: 'https://web.hook', apiVersion: '2019-03-31' } }],
    ])('keeps the allocation policy %s and these properties: %o', async (allocationPolicy, more) => {
      const made = await calls.put(client, calls.body(id, { allocationPolicy, ...more }));
      expect(made).toMatchObject({ allocationPolicy, ...more });
      expect(await calls.get(client, id)).toMatchObject({ allocationPolicy, ...more });
    });
  });

  test('an individual enrollment keeps a TPM and returns its endorsement key', async () => {
    const endorsementKey = tpmKey();
    const attestation = { type: 'tpm', tpm: { endorsementKey } };
    await individual.put(client, individual.body(id, { attestation, capabilities: { iotEdge: true } }));
    expect(await individual.mechanism(client, id)).toMatchObject(attestation);
    expect(await individual.get(client, id)).toMatchObject({ attestation, capabilities: { iotEdge: true } });
  });

  test('an individual enrollment keeps client certificates and returns their info', async () => {
    const [primary, secondary] = [await certificate(id), await certificate(`${id}-next`)];
    const attestation = { type: 'x509', x509: { clientCertificates: { primary, secondary } } };
    await individual.put(client, individual.body(id, { attestation }));
    for (const answer of [(await individual.get(client, id)).attestation, await individual.mechanism(client, id)]) {
      const kept = answer.x509?.clientCertificates;
      expect(kept?.primary.info?.subjectName).toBe(`CN=${id}`);
      expect(kept?.secondary?.info?.subjectName).toBe(`CN=${id}-next`);
    }
  });

  test('a group keeps signing certificates and returns their info', async () => {
    const primary = await certificate('Calls Root', {});
    const attestation = { type: 'x509', x509: { signingCertificates: { primary } } };
    await group.put(client, group.body(id, { attestation }));
    for (const answer of [(await group.get(client, id)).attestation, await group.mechanism(client, id)]) {
      expect(answer.x509?.signingCertificates?.primary.info?.subjectName).toBe('CN=Calls Root');
    }
  });

  test.each([
    ['hashed', {}],
    ['geoLatency', {}],
    ['static', { iotHubs: [hub] }],
  ])('a device registers under the allocation policy %s', async (allocationPolicy, more) => {
    await individual.put(client, individual.body(id, { allocationPolicy, ...more }));
    expect(await registerByKey(id)).toMatchObject({ status: 'assigned', assignedHub: hub });
  });

  test.each<[string, (state: { etag: string }) => [string | object, string?]]>([
    ['by ID', () => ['']],
    ['by ID and ETag', ({ etag }) => ['', etag]],
    ['by ID and *', () => ['', '*']],
    ['as an object', (state) => [state]],
  ])('a registration state can be read, and deleted %s', async (_way, what) => {
    await individual.put(client, individual.body(id));
    await registerByKey(id);
    const state = (await client.getDeviceRegistrationState(id)).responseBody;
    expect(state).toMatchObject({ registrationId: id, assignedHub: hub, status: 'assigned' });
    type State = typeof state;
    const [named, etag] = what(state);
    const target = (named === '' ? id : named) as State;
    await (etag === undefined
      ? client.deleteDeviceRegistrationState(target)
      : client.deleteDeviceRegistrationState(target, etag));
    expect(await failureOf(client.getDeviceRegistrationState(id))).toMatchObject(notFound);
    expect((await individual.get(client, id)).provisioningStatus).toBe('enabled');
  });

  test('a registration state cannot be deleted with another ETag, or twice', async () => {
    await individual.put(client, individual.body(id));
    await registerByKey(id);
    expect(await failureOf(client.deleteDeviceRegistrationState(id, '"other"'))).toMatchObject(staleEtag);
    await client.deleteDeviceRegistrationState(id);
    expect(await failureOf(client.deleteDeviceRegistrationState(id))).toMatchObject(notFound);
  });

  describe('bulk operations', () => {
    const names = (): string[] => [`${id}-a`, `${id}-b`];
    const bodies = (more?: object): Enrollment[] => names().map((name) => individual.body(name, more) as Enrollment);
    const ok = { isSuccessful: true, errors: [] };

    test('`create` adds all new enrollments, and reports the enrollments that already exist', async () => {
      expect(await runBulk(client, { mode: 'create', enrollments: bodies() })).toEqual(ok);
      expect(await runBulk(client, { mode: 'create', enrollments: bodies() })).toMatchObject({
        isSuccessful: false,
        errors: names().map((registrationId) => ({ registrationId, errorCode: 409_201 })),
      });
    });

    test('`update` needs no ETag and changes all enrollments', async () => {
      await runBulk(client, { mode: 'create', enrollments: bodies() });
      const enrollments = bodies({ provisioningStatus: 'disabled' });
      expect(await runBulk(client, { mode: 'update', enrollments })).toEqual(ok);
      for (const name of names()) expect((await individual.get(client, name)).provisioningStatus).toBe('disabled');
    });

    test('`updateIfMatchEtag` changes only enrollments whose ETag matches', async () => {
      await runBulk(client, { mode: 'create', enrollments: bodies() });
      const [first = '', second = ''] = names();
      const { etag } = await individual.get(client, first);
      const enrollments = [
        individual.body(first, { etag, provisioningStatus: 'disabled' }) as Enrollment,
        individual.body(second, { etag: 'b3RoZXI=', provisioningStatus: 'disabled' }) as Enrollment,
      ];
      expect(await runBulk(client, { mode: 'updateIfMatchEtag', enrollments })).toMatchObject({
        isSuccessful: false,
        errors: [{ registrationId: second, errorCode: 412_001 }],
      });
      expect((await individual.get(client, first)).provisioningStatus).toBe('disabled');
      expect((await individual.get(client, second)).provisioningStatus).toBe('enabled');
    });

    test('`delete` removes all enrollments, and reports the enrollments that do not exist', async () => {
      await runBulk(client, { mode: 'create', enrollments: bodies() });
      expect(await runBulk(client, { mode: 'delete', enrollments: bodies() })).toEqual(ok);
      expect(await runBulk(client, { mode: 'delete', enrollments: bodies() })).toMatchObject({
        isSuccessful: false,
        errors: names().map((registrationId) => ({ registrationId, errorCode: 404_201 })),
      });
    });
  });

  test('a query of groups is returned in pages', async () => {
    for (const name of [`${id}-1`, `${id}-2`, `${id}-3`]) await group.put(client, group.body(name));
    const query = client.createEnrollmentGroupQuery({ query: '*' }, 2);
    const ids: string[] = [];
    while (query.hasMoreResults) {
      const page = await nextPage<{ readonly enrollmentGroupId: string }>(query);
      expect(page.length).toBeLessThanOrEqual(2);
      ids.push(...page.map(({ enrollmentGroupId }) => enrollmentGroupId));
    }
    expect(ids.filter((name) => name.startsWith(`${id}-`))).toEqual([`${id}-1`, `${id}-2`, `${id}-3`]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a query of enrollments continues from a continuation token', async () => {
    for (const name of [`${id}-1`, `${id}-2`, `${id}-3`]) await individual.put(client, individual.body(name));
    const whole = await client.createIndividualEnrollmentQuery({ query: '*' }, 1000).next();
    const first = client.createIndividualEnrollmentQuery({ query: '*' }, 1);
    const begin = await nextPage<Enrollment>(first);
    const rest = await client.createIndividualEnrollmentQuery({ query: '*' }, 1000).next(first.continuationToken);
    const idsOf = (page: unknown): string[] => (page as Enrollment[]).map(({ registrationId }) => registrationId);
    expect([...idsOf(begin), ...idsOf(rest.responseBody)]).toEqual(idsOf(whole.responseBody));
    expect(idsOf(whole.responseBody).length).toBeGreaterThanOrEqual(3);
  });

  test('a query of registrations is empty if no device of the group has registered', async () => {
    await group.put(client, group.body(id));
    const query = client.createEnrollmentGroupDeviceRegistrationStateQuery({ query: '*' }, id);
    expect(await nextPage(query)).toEqual([]);
    expect(query.hasMoreResults).toBe(false);
  });
});
