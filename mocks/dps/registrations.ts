import { hubNamesOf } from '../../core/wire/hub-names.ts';
import type { Clock, Millis } from '../../core/time/clock.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { defined } from '../../core/defined.ts';
import type { OperationBody, RegistrationState } from '../../core/wire/dps-wire.ts';
import type { Random } from '../../core/random.ts';
import { registrationKey } from '../../core/wire/registration-id.ts';
import type { Problem } from '../../core/wire/problems.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import { forgetOldest } from '../shared/forget-oldest.ts';
import { utcTicks } from './answer.ts';
import type { Proof } from './attestation/proof.ts';
import { Operations } from './operations.ts';

/** The assignment of a device to a hub. */
export interface RegistrationRecord {
  readonly registrationId: string;
  readonly deviceId: string;
  /** Host name. */
  readonly hub: string;
  readonly substatus: string;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  readonly etag: string;
  /** The payload that a custom allocation webhook returned for the device. */
  readonly payload?: unknown;
  /** The enrollment group of the device; absent for an individual enrollment. */
  readonly enrollmentGroupId?: string;
  /** The attestation type; absent in records that earlier versions of the lab saved. */
  readonly attestation?: Proof['type'];
  /** SHA-256 (hex) of the symmetric key that the device used for its first registration. Absent for other attestation types. */
  readonly keyDigest?: string;
}

/**
 * A registration that failed, or that a disabled enrollment prevented. The service reports this registration instead of the former
 * assignment until the service assigns the device again.
 */
export interface UnassignedRecord {
  readonly registrationId: string;
  readonly status: 'failed' | 'disabled';
  /** The problem because of which the operation failed. */
  readonly problem?: Problem;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  readonly etag: string;
  readonly enrollmentGroupId?: string;
}

/** A registration in progress. The service has already decided its outcome, and reports it from `doneAt` on. */
export interface Operation {
  readonly operationId: string;
  readonly registrationId: string;
  readonly doneAt: Millis;
  readonly outcome: OperationOutcome;
}

export type OperationOutcome =
  | { readonly kind: 'assigned'; readonly state: RegistrationState; readonly proof: Proof }
  | { readonly kind: 'unassigned'; readonly record: UnassignedRecord };

/** The registrations of the service, and the operations that create them. The store does not save operations. */
export class Registrations implements Store {
  readonly #records = new WatchedMap<RegistrationRecord>();
  /** Failed and disabled registrations, in the order in which they ended. */
  readonly #unassigned = new WatchedMap<UnassignedRecord>();
  readonly parts = { assigned: this.#records, unassigned: this.#unassigned };
  readonly #operations: Operations<Operation>;
  readonly #random: Random;

  /** @param registrationsPerMinute the registration quota, which decides how many operations are stored. */
  constructor(random: Random, clock: Clock, registrationsPerMinute: number) {
    this.#random = random;
    this.#operations = new Operations(clock, registrationsPerMinute);
  }

  /** Returns the last assignment of a device, even if a later registration failed. */
  find(registrationId: string): RegistrationRecord | undefined {
    return this.#records.get(registrationKey(registrationId));
  }

  /** Returns the registration that the service reports for a device: the result of its last attempt. */
  latest(registrationId: string): RegistrationRecord | UnassignedRecord | undefined {
    return this.#unassigned.get(registrationKey(registrationId)) ?? this.find(registrationId);
  }

  put(record: RegistrationRecord): void {
    const key = registrationKey(record.registrationId);
    this.#unassigned.delete(key);
    this.#records.set(key, record);
  }

  putUnassigned(record: UnassignedRecord): void {
    const key = registrationKey(record.registrationId);
    this.#unassigned.delete(key);
    this.#unassigned.set(key, record);
    forgetOldest(this.#unassigned, unassignedKept);
  }

  /** Returns all assignments, even if the service reports a later failed registration instead. */
  list(): readonly RegistrationRecord[] {
    return [...this.#records.values()];
  }

  /** Returns the registrations that the service reports, one for each device. */
  listLatest(): readonly (RegistrationRecord | UnassignedRecord)[] {
    return [
      ...new Map<string, RegistrationRecord | UnassignedRecord>([...this.#records, ...this.#unassigned]).values(),
    ];
  }

  delete(registrationId: string): boolean {
    const key = registrationKey(registrationId);
    const wasUnassigned = this.#unassigned.delete(key);
    return this.#records.delete(key) || wasUnassigned;
  }

  save(): readonly (RegistrationRecord | UnassignedRecord)[] {
    return [...this.#records.values(), ...this.#unassigned.values()];
  }

  load(saved: readonly (RegistrationRecord | UnassignedRecord)[]): void {
    this.#records.clear();
    this.#unassigned.clear();
    for (const record of saved) {
      if ('status' in record) this.putUnassigned(record);
      else this.put(record);
    }
  }

  /** Starts an operation. Its ID has the form that the real service uses: a digit, 16 hex digits, a UUID. */
  begin(operation: Omit<Operation, 'operationId'>): Operation {
    const operationId = `4.${this.#random.bytes(8).toString('hex')}.${this.#random.uuid()}`;
    const begun = { ...operation, operationId };
    this.#operations.add(begun);
    return begun;
  }

  operation(operationId: string): Operation | undefined {
    return this.#operations.find(operationId);
  }

  /** Notes that the device has read the result of an operation. */
  wasRead(operation: Operation): void {
    this.#operations.wasRead(operation);
  }

  /** Returns the operation that is still in progress at `now` and will assign the device to a hub. */
  underWay(registrationId: string, now: Millis): Operation | undefined {
    const last = this.#operations.lastOf(registrationId);
    return last !== undefined && last.outcome.kind === 'assigned' && last.doneAt > now ? last : undefined;
  }
}

/** Maximum number of failed and disabled registrations, which bounds the memory. */
const unassignedKept = 10_000;

/** The JSON bodies that report the state of an operation. */
export const operationBody = {
  running({ operationId, registrationId }: Operation): OperationBody {
    return { operationId, status: 'assigning', registrationState: { registrationId, status: 'assigning' } };
  },

  done({ operationId, outcome }: Operation): OperationBody {
    const registrationState = outcome.kind === 'assigned' ? outcome.state : operationBody.state(outcome.record);
    return { operationId, status: registrationState.status, registrationState };
  },

  /**
   * Returns the body of the immediate answer for a disabled enrollment. The device cannot poll, because there is no operation.
   */
  disabled(record: UnassignedRecord): OperationBody {
    return { operationId: '', status: 'disabled', registrationState: operationBody.state(record) };
  },

  /** Returns a registration in the form of the service API. */
  state(record: RegistrationRecord | UnassignedRecord): RegistrationState {
    return 'status' in record ? unassignedState(record) : assignedState(record);
  },

  /** Returns a registration in the form of the device API, with the enrollment group of the device. */
  deviceState(record: RegistrationRecord | UnassignedRecord, fidelity: FidelitySettings): RegistrationState {
    if ('status' in record) return operationBody.state(record);
    const assignedHub = hubNamesOf(record.hub)[fidelity.assignedHub];
    return { ...attestedBy(record, fidelity), ...operationBody.state(record), assignedHub };
  },
} as const;

function assignedState(record: RegistrationRecord): RegistrationState {
  return {
    registrationId: record.registrationId,
    createdDateTimeUtc: utcTicks(record.createdAt),
    assignedHub: record.hub,
    deviceId: record.deviceId,
    status: 'assigned',
    substatus: record.substatus,
    lastUpdatedDateTimeUtc: utcTicks(record.updatedAt),
    etag: record.etag,
    ...defined({ payload: record.payload }),
  };
}

/**
 * Returns the JSON of a registration that failed or is disabled. Azure documents only these four fields for a disabled
 * enrollment.
 */
function unassignedState({ status, problem, ...record }: UnassignedRecord): RegistrationState {
  return {
    registrationId: record.registrationId,
    ...(status === 'failed' ? { createdDateTimeUtc: utcTicks(record.createdAt) } : {}),
    status,
    ...defined({ errorCode: problem?.errorCode, errorMessage: problem?.message }),
    lastUpdatedDateTimeUtc: utcTicks(record.updatedAt),
    etag: record.etag,
  };
}

/**
 * Returns the fields that describe the attestation. Recorded answers have `x509` as an empty object for an individual
 * enrollment, and with the group ID for a group (u-blox, 2022). No recorded answer has `symmetricKey` for an individual
 * enrollment; the REST documentation has it for groups.
 */
function attestedBy(
  { attestation, enrollmentGroupId }: RegistrationRecord,
  { enrollmentGroupIdInState }: FidelitySettings,
): Pick<RegistrationState, 'x509' | 'symmetricKey'> {
  const isShown = enrollmentGroupId !== undefined && enrollmentGroupIdInState !== 'none';
  if (attestation === 'x509') return { x509: isShown ? { enrollmentGroupId } : {} };
  if (attestation !== 'symmetricKey' || !isShown || enrollmentGroupIdInState === 'x509-only') return {};
  return { symmetricKey: { enrollmentGroupId } };
}
