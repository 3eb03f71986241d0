import { defined } from '../../core/defined.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { RegistrationState } from '../../core/wire/dps-wire.ts';
import type { InitialTwin, ReprovisionPolicy } from '../../core/wire/enrollment.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { Problem } from '../../core/wire/problems.ts';
import type { Random } from '../../core/random.ts';
import { failedWith, succeeded, type Result } from '../../core/result.ts';
import type { ProvisionedHub, ProvisionedTwins, TwinDocument } from '../shared/provisioned-hub.ts';
import type { Allocation } from './allocation/policy.ts';
import type { Claim } from './claim.ts';
import type { Proof } from './attestation/proof.ts';
import type { LinkedHubs } from './hubs/linked-hubs.ts';
import { freshETag } from './enrollments.ts';
import { operationBody, type RegistrationRecord, type Registrations } from './registrations.ts';
import { reprovisionPolicyOf } from './reprovision-policy.ts';

/** The parts of the service that an assignment uses. */
interface Places {
  readonly clock: Clock;
  readonly random: Random;
  readonly fidelity: FidelitySettings;
  readonly linkedHubs: LinkedHubs;
  readonly registrations: Registrations;
}

/**
 * Creates or updates the identity and the twin of a device at `hub`, and removes both from the former hub of the
 * device. The re-provisioning policy decides what happens to the twin. If the hub rejects the twin, nothing changes and
 * the function returns the problem.
 */
export function assign(
  claim: Claim,
  proof: Proof,
  hub: ProvisionedHub,
  allocation: Allocation & { kind: 'hub' },
  places: Places,
): Result<RegistrationState, Problem> {
  const { enrollment } = proof;
  const { registrationId } = claim;
  const former = places.registrations.find(registrationId);
  const policy = reprovisionPolicyOf(enrollment.reprovisionPolicy, claim.apiVersion);
  const stays = former !== undefined && !policy.updateHubAssignment;
  const named = 'registrationId' in enrollment ? (enrollment.deviceId ?? registrationId) : registrationId;
  const deviceId = stays ? former.deviceId : named;
  const move = former === undefined || (former.hub === hub.host && former.deviceId === deviceId) ? undefined : former;
  const origin = move === undefined ? undefined : places.linkedHubs.find(move.hub);
  const left = move === undefined ? undefined : origin?.identities.find(move.deviceId);
  const identity = hub.identities.find(deviceId);

  const course: Course = {
    former,
    stays,
    policy,
    isFound: identity !== undefined,
    moves: move !== undefined,
    initialTwin: allocation.initialTwin ?? enrollment.initialTwin,
    isTwinChosen: allocation.initialTwin !== undefined,
    migrated: move === undefined ? undefined : origin?.twins.export(move.deviceId),
  };
  const outcome = bringTwin(hub.twins, deviceId, course);
  if (outcome?.ok === false) return failedWith(outcome.failure);

  const carried = places.fidelity.tpmHubKey === 'carry' ? left : undefined;
  const authentication = proof.authentication((move === undefined ? identity : carried)?.authentication);
  hub.identities.put({
    deviceId,
    status: identity?.status ?? 'enabled',
    authentication,
    capabilities: { iotEdge: enrollment.iotEdge ?? false },
  });
  if (move !== undefined) {
    origin?.identities.delete(move.deviceId);
    origin?.twins.delete(move.deviceId);
  }
  const now = places.clock.now();
  const record: RegistrationRecord = {
    registrationId,
    deviceId,
    hub: hub.host,
    substatus: substatusOf(course, places.fidelity),
    createdAt: former?.createdAt ?? now,
    updatedAt: now,
    ...defined({ payload: allocation.payload }),
    etag: freshETag(places.random),
    ...('enrollmentGroupId' in enrollment ? { enrollmentGroupId: enrollment.enrollmentGroupId } : {}),
    attestation: proof.type,
    ...defined({ keyDigest: proof.keyDigest }),
  };
  places.registrations.put(record);
  return succeeded({
    ...operationBody.deviceState(record, places.fidelity),
    ...defined({ tpm: proof.wrap && { authenticationKey: proof.wrap(authentication).toString('base64') } }),
  });
}

/** The facts that decide what happens to the data of a device. */
interface Course {
  readonly former: RegistrationRecord | undefined;
  /** True if the re-provisioning policy is "never". */
  readonly stays: boolean;
  readonly policy: ReprovisionPolicy;
  /** True if the hub already has an identity with this device ID. */
  readonly isFound: boolean;
  /** True if the device gets another hub or another device ID. */
  readonly moves: boolean;
  readonly initialTwin: InitialTwin | undefined;
  /** True if a webhook chose the initial twin. This twin takes precedence over a migrated twin. */
  readonly isTwinChosen: boolean;
  /** The twin at the former hub, which can migrate to the new hub. */
  readonly migrated: TwinDocument | undefined;
}

/** Migrates, recreates or keeps the twin. Returns the result of the hub, or undefined if the twin does not change. */
function bringTwin(twins: ProvisionedTwins, deviceId: string, course: Course): Result<unknown, Problem> | undefined {
  const { former, stays, policy, moves, isFound, isTwinChosen, initialTwin } = course;
  if (migrates(course) && course.migrated !== undefined) return twins.import(deviceId, course.migrated);
  const anew = former === undefined ? !isFound || isTwinChosen : !stays && (moves || !policy.migrateDeviceData);
  return anew || twins.find(deviceId) === undefined ? twins.create(deviceId, initialTwin) : undefined;
}

function migrates({ moves, policy, isTwinChosen, migrated }: Course): boolean {
  return moves && policy.migrateDeviceData && !isTwinChosen && migrated !== undefined;
}

/** Returns the substatus of the registration. `stateByVersion` later converts the substatus for older API versions. */
function substatusOf(
  course: Course,
  { resetAtSameHub, secondRegistrationSubstatus }: FidelitySettings,
): RegistrationRecord['substatus'] {
  const { former, stays, policy, moves, isFound } = course;
  if (former === undefined) return isFound ? 'reprovisionedToInitialAssignment' : 'initialAssignment';
  const again = secondRegistrationSubstatus === 'by-version' ? 'reprovisionedToInitialAssignment' : former.substatus;
  if (stays) return again;
  if (moves) return migrates(course) ? 'deviceDataMigrated' : 'deviceDataReset';
  return policy.migrateDeviceData || resetAtSameHub === 'unchanged' ? again : 'deviceDataReset';
}
