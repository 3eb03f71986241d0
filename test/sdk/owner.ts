import type { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import type { Registry } from 'azure-iothub';
import { expect } from 'vitest';
import { failureOf } from './clients.ts';
import { openRegistry } from './hub-clients.ts';
import type { Lab } from './lab.ts';
import { openServiceApi } from './service-api-client.ts';

/** What the SDK's types ask for although the service does not. */
type Enrollment = Parameters<ProvisioningServiceClient['createOrUpdateIndividualEnrollment']>[0];
type Group = Parameters<ProvisioningServiceClient['createOrUpdateEnrollmentGroup']>[0];

/** What stands in an enrollment beside its ID, in the words of the service API. */
interface Terms {
  readonly attestation: object;
  readonly deviceId?: string;
  readonly provisioningStatus?: 'enabled' | 'disabled';
  readonly initialTwin?: object;
}

/** What one device has left behind at service and hub. */
interface Traces {
  readonly deviceId: string;
  /** The device ID where absent. */
  readonly registrationId?: string;
  /** Where a group let it in. */
  readonly enrollmentGroupId?: string;
}

/** Who owns the service and the hub, with nothing but Microsoft's own clients. */
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

  /** The keys that the service made for an enrollment. */
  async keysOf(registrationId: string): Promise<Keys> {
    return keysIn((await this.#service.getIndividualEnrollmentAttestationMechanism(registrationId)).responseBody);
  }

  async groupKeysOf(enrollmentGroupId: string): Promise<Keys> {
    return keysIn((await this.#service.getEnrollmentGroupAttestationMechanism(enrollmentGroupId)).responseBody);
  }

  /** What the service remembers of a registration. */
  async registrationOf(registrationId: string): Promise<object> {
    return (await this.#service.getDeviceRegistrationState(registrationId)).responseBody;
  }

  /** The identity that a device has at the hub. */
  async identityOf(deviceId: string): Promise<object> {
    return (await this.#registry.get(deviceId)).responseBody;
  }

  async block(deviceId: string): Promise<void> {
    const { responseBody } = await this.#registry.get(deviceId);
    await this.#registry.update(Object.assign(responseBody, { status: 'disabled' as const }));
  }

  /** Deletes the enrollment, or the group, the registration and the identity, and sees to it that they are gone. */
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

/** The service SDK has no class of its own for a 404. */
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
