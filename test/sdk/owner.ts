import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import type { Registry } from 'azure-iothub';
import { expect } from 'vitest';
import { failureOf } from './clients.ts';
import { openRegistry } from './hub-clients.ts';
import type { Lab } from './lab.ts';
import { openServiceApi } from './service-api-client.ts';

/** The types of the SDK require properties that the service does not require. */
type Enrollment = Parameters<ProvisioningServiceClient['createOrUpdateIndividualEnrollment']>[0];
type Group = Parameters<ProvisioningServiceClient['createOrUpdateEnrollmentGroup']>[0];

/** The fields of an enrollment except its ID, with the names of the service API. */
interface Terms {
  readonly attestation: object;
  readonly deviceId?: string;
  readonly provisioningStatus?: 'enabled' | 'disabled';
  readonly initialTwin?: object;
}

/** The records that DPS and the hub have of one device. */
interface Traces {
  readonly deviceId: string;
  /** Registration ID of the device. Default: the device ID. */
  readonly registrationId?: string;
  /** The enrollment group of the device, if any. */
  readonly enrollmentGroupId?: string;
}

/** The owner of DPS and of the hub, who calls both services only with the Node SDK. */
export class Owner {
  readonly #service: ProvisioningServiceClient;
  readonly #registry: Registry;

  constructor(lab: Lab) {
    this.#service = openServiceApi(lab);
    this.#registry = openRegistry(lab);
  }

  async enroll(registrationId: string, terms: Terms): Promise<void> {
    await this.#service.createOrUpdateIndividualEnrollment({ registrationId, ...terms } as unknown as Enrollment);
  }

  async enrollGroup(enrollmentGroupId: string, terms: Terms): Promise<void> {
    await this.#service.createOrUpdateEnrollmentGroup({ enrollmentGroupId, ...terms } as unknown as Group);
  }

  /** Returns the keys that the service generated for an enrollment. */
  async keysOf(registrationId: string): Promise<Keys> {
    return keysIn((await this.#service.getIndividualEnrollmentAttestationMechanism(registrationId)).responseBody);
  }

  async groupKeysOf(enrollmentGroupId: string): Promise<Keys> {
    return keysIn((await this.#service.getEnrollmentGroupAttestationMechanism(enrollmentGroupId)).responseBody);
  }

  /** Returns the registration of a device from DPS. */
  async registrationOf(registrationId: string): Promise<object> {
    return (await this.#service.getDeviceRegistrationState(registrationId)).responseBody;
  }

  /** Returns the identity of a device from the hub. */
  async identityOf(deviceId: string): Promise<object> {
    return (await this.#registry.get(deviceId)).responseBody;
  }

  async block(deviceId: string): Promise<void> {
    const { responseBody } = await this.#registry.get(deviceId);
    await this.#registry.update(Object.assign(responseBody, { status: 'disabled' as const }));
  }

  /** Deletes the enrollment or the group, the registration and the identity, and checks that they are deleted. */
  async retire({ deviceId, registrationId = deviceId, enrollmentGroupId }: Traces): Promise<void> {
    await this.#service.deleteDeviceRegistrationState(registrationId);
    await notFound(this.#service.getDeviceRegistrationState(registrationId));
    if (enrollmentGroupId === undefined) {
      await this.#service.deleteIndividualEnrollment(registrationId);
      await notFound(this.#service.getIndividualEnrollment(registrationId));
    } else {
      await this.#service.deleteEnrollmentGroup(enrollmentGroupId);
      await notFound(this.#service.getEnrollmentGroup(enrollmentGroupId));
    }
    await this.#registry.delete(deviceId);
    expect(await failureOf(this.#registry.get(deviceId))).toMatchObject({ name: 'DeviceNotFoundError' });
  }
}

/** Expects that a call fails with 404, for which the service SDK has no error class. */
async function notFound(call: Promise<unknown>): Promise<void> {
  expect(await failureOf(call)).toMatchObject({ name: 'Error', message: 'Not found', said: { errorCode: 404_201 } });
}

interface Keys {
  readonly primary: Buffer;
  readonly secondary: Buffer;
}

function keysIn(mechanism: { symmetricKey?: { primaryKey: string; secondaryKey: string } }): Keys {
  const { primaryKey = '', secondaryKey = '' } = mechanism.symmetricKey ?? {};
  return { primary: Buffer.from(primaryKey, 'base64'), secondary: Buffer.from(secondaryKey, 'base64') };
}
