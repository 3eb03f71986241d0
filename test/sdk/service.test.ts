import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deriveDeviceKey } from '../../core/wire/sas.ts';
import { failureOf, register, security } from './clients.ts';
import { hub, mintNow, openLab, type Lab } from './lab.ts';
import { countEachAs } from './sdk-row.ts';
import { nextPage, openServiceApi, runBulk } from './service-api-client.ts';

/** The types of the SDK require properties that the service does not require. */
type Enrollment = Parameters<ProvisioningServiceClient['createOrUpdateIndividualEnrollment']>[0];
type Group = Parameters<ProvisioningServiceClient['createOrUpdateEnrollmentGroup']>[0];

const keyed = (registrationId: string, more: object = {}): Enrollment =>
  ({ registrationId, attestation: { type: 'symmetricKey' }, ...more }) as unknown as Enrollment;

interface Named {
  readonly registrationId: string;
}

describe('the Node service SDK', () => {
  countEachAs('Node provisioning service SDK', 'https', 'policy');
  let lab: Lab;
  let client: ProvisioningServiceClient;

  beforeAll(async () => {
    lab = await openLab();
    client = openServiceApi(lab);
  });
  afterAll(() => lab.close());

  test('creates an enrollment for a device, and reads its registration', async () => {
    const made = (await client.createOrUpdateIndividualEnrollment(keyed('meter', { deviceId: 'Meter-7' })))
      .responseBody;
    expect(made).toMatchObject({ registrationId: 'meter', deviceId: 'Meter-7', provisioningStatus: 'enabled' });
    const mechanism = (await client.getIndividualEnrollmentAttestationMechanism('meter')).responseBody;
    const key = Buffer.from(mechanism.symmetricKey?.primaryKey ?? '', 'base64');
    expect(key).toHaveLength(64);
    const result = await register(lab, 'https', security.symmetricKey('meter', key));
    expect(result).toMatchObject({ status: 'assigned', assignedHub: hub, deviceId: 'Meter-7' });

    const got = (await client.getIndividualEnrollment('meter')).responseBody;
    expect(got.registrationState).toMatchObject({ status: 'assigned', assignedHub: hub });
    expect(got.attestation.symmetricKey?.primaryKey).toBeUndefined();
    expect((await client.getDeviceRegistrationState('meter')).responseBody).toEqual(got.registrationState);
    await client.deleteDeviceRegistrationState('meter');
    expect(await failureOf(client.getDeviceRegistrationState('meter'))).toMatchObject({
      name: 'Error',
      message: 'Not found',
      said: { errorCode: 404_201 },
    });
  });

  test('updates an enrollment, and is refused if another client has updated it in the meantime', async () => {
    const first = (await client.createOrUpdateIndividualEnrollment(keyed('pump'))).responseBody;
    const second = (await client.createOrUpdateIndividualEnrollment({ ...first, deviceId: 'Pump' })).responseBody;
    expect(second).toMatchObject({ deviceId: 'Pump', attestation: first.attestation });
    expect(await failureOf(client.createOrUpdateIndividualEnrollment({ ...first, deviceId: 'Late' }))).toMatchObject({
      name: 'InvalidEtagError',
      said: { errorCode: 412_001 },
    });
    expect(await failureOf(client.deleteIndividualEnrollment(first))).toMatchObject({ name: 'InvalidEtagError' });
    expect(await failureOf(client.createOrUpdateIndividualEnrollment(keyed('pump')))).toMatchObject({
      name: 'DeviceAlreadyExistsError',
      said: { errorCode: 409_201 },
    });
    await client.deleteIndividualEnrollment(second);
    expect(await failureOf(client.getIndividualEnrollment('pump'))).toMatchObject({ message: 'Not found' });
  });

  test('creates a CA group, and lists its registrations', async () => {
    const root = await mintNow('SDK Root', undefined, {});
    const signingCertificates = { primary: { certificate: root.pem } };
    const group = { enrollmentGroupId: 'by-ca', attestation: { type: 'x509', x509: { signingCertificates } } };
    const made = (await client.createOrUpdateEnrollmentGroup(group as unknown as Group)).responseBody;
    expect(made.attestation.x509?.signingCertificates?.primary.info).toMatchObject({ subjectName: 'CN=SDK Root' });
    for (const id of ['valve-1', 'valve-2', 'valve-3']) {
      const leaf = await mintNow(id, root);
      await register(lab, 'mqtt', security.x509(id, leaf.pem, leaf.privateKeyPem));
    }
    const query = client.createEnrollmentGroupDeviceRegistrationStateQuery({ query: '*' }, 'by-ca', 2);
    const ids: string[][] = [];
    while (query.hasMoreResults) {
      ids.push((await nextPage<Named>(query)).map(({ registrationId }) => registrationId));
    }
    expect(ids).toEqual([['valve-1', 'valve-2'], ['valve-3']]);
    const groups = client.createEnrollmentGroupQuery({ query: '*' });
    expect((await groups.next()).responseBody).toMatchObject([{ enrollmentGroupId: 'by-ca' }]);
    expect(groups.hasMoreResults).toBe(false);
    await client.deleteEnrollmentGroup(made);
    expect(await failureOf(client.getEnrollmentGroup('by-ca'))).toMatchObject({ message: 'Not found' });
  });

  test('creates a symmetric-key group, and a device registers with it', async () => {
    const group = { enrollmentGroupId: 'by-key', attestation: { type: 'symmetricKey' } };
    await client.createOrUpdateEnrollmentGroup(group as unknown as Group);
    const mechanism = (await client.getEnrollmentGroupAttestationMechanism('by-key')).responseBody;
    const key = Buffer.from(mechanism.symmetricKey?.secondaryKey ?? '', 'base64');
    const result = await register(lab, 'https', security.symmetricKey('lamp', deriveDeviceKey(key, 'lamp')));
    expect(result).toMatchObject({ status: 'assigned', deviceId: 'lamp' });
  });

  test('runs bulk operations and reads all pages of a query', async () => {
    const enrollments = ['bulk-1', 'bulk-2', 'bulk-3'].map((id) => keyed(id));
    const bulk = (mode: 'create' | 'updateIfMatchEtag' | 'delete', items: Enrollment[]): Promise<unknown> =>
      runBulk(client, { mode, enrollments: items });
    expect(await bulk('create', enrollments)).toEqual({ isSuccessful: true, errors: [] });
    expect(await bulk('updateIfMatchEtag', enrollments.slice(0, 1))).toMatchObject({
      isSuccessful: false,
      errors: [{ registrationId: 'bulk-1', errorCode: 412_001 }],
    });
    const query = client.createIndividualEnrollmentQuery({ query: '*' }, 2);
    const ids: string[] = [];
    while (query.hasMoreResults) {
      ids.push(...(await nextPage<Named>(query)).map(({ registrationId }) => registrationId));
    }
    expect(ids.filter((id) => id.startsWith('bulk'))).toEqual(['bulk-1', 'bulk-2', 'bulk-3']);
    expect(await bulk('delete', enrollments)).toMatchObject({ isSuccessful: true });
  });

  test('gets errors for an invalid enrollment and for a wrong key', async () => {
    const wrong = keyed('odd', { allocationPolicy: 'custom' });
    expect(await failureOf(client.createOrUpdateIndividualEnrollment(wrong))).toMatchObject({
      name: 'ArgumentError',
      said: { errorCode: 400_004 },
    });
    expect(await failureOf(openServiceApi(lab, Buffer.alloc(32)).getIndividualEnrollment('meter'))).toMatchObject({
      name: 'UnauthorizedError',
      said: { errorCode: 401_000 },
    });
  });
});
