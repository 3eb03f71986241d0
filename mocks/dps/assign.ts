import type { Clock } from '../../core/clock.ts';
import type { RegistrationState } from '../../core/dps-wire.ts';
import type { Random } from '../../core/random.ts';
import type { Hub } from '../hub/hub.ts';
import { allocationPolicies } from './allocation/index.ts';
import type { Proof } from './attestation/attestation.ts';
import { operationBody } from './operation-body.ts';
import type { Registrations } from './registrations.ts';

/** What an assignment touches. */
interface Places {
  readonly clock: Clock;
  readonly random: Random;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly registrations: Registrations;
}

/** The hub for a device that has proved itself, by the policy of its enrollment; undefined where the policy finds none. */
export function allocate(
  { enrollment }: Proof,
  registrationId: string,
  hubs: ReadonlyMap<string, Hub>,
): Hub | undefined {
  const candidates = enrollment.hubs.length > 0 ? enrollment.hubs.filter((host) => hubs.has(host)) : [...hubs.keys()];
  const host = allocationPolicies[enrollment.allocationPolicy === 'static' ? 'static' : 'hashed'](
    registrationId,
    candidates,
  );
  return host === undefined ? undefined : hubs.get(host);
}

/**
 * Creates or renews the identity of a device at `hub`, and removes the one at the hub it came from. Policy: update the
 * hub and migrate, the service's default.
 */
export function assign(proof: Proof, registrationId: string, hub: Hub, places: Places): RegistrationState {
  const { enrollment } = proof;
  const former = places.registrations.find(registrationId);
  const deviceId = 'registrationId' in enrollment ? (enrollment.deviceId ?? registrationId) : registrationId;
  const moved = former !== undefined && (former.hub !== hub.host || former.deviceId !== deviceId);
  if (moved) places.hubs.get(former.hub)?.identities.delete(former.deviceId);

  const identity = hub.identities.find(deviceId);
  const authentication = proof.authentication(identity?.authentication);
  hub.identities.put({ deviceId, status: identity?.status ?? 'enabled', authentication });

  const now = places.clock.now();
  const record = {
    registrationId,
    deviceId,
    hub: hub.host,
    substatus: moved ? 'deviceDataMigrated' : (former?.substatus ?? 'initialAssignment'),
    createdAt: former?.createdAt ?? now,
    updatedAt: now,
    etag: Buffer.from(`"${places.random.uuid()}"`).toString('base64'),
  };
  places.registrations.put(record);
  return {
    ...(proof.type === 'x509' ? { x509: {} } : {}),
    ...operationBody.state(record),
    ...(proof.wrap === undefined ? {} : { tpm: { authenticationKey: proof.wrap(authentication).toString('base64') } }),
  };
}
