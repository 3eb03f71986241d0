import type { Clock, Millis } from '../../core/time/clock.ts';
import type { RegistrationState } from '../../core/wire/dps-wire.ts';
import type { Random } from '../../core/random.ts';
import { registrationKey } from '../../core/wire/registration-id.ts';
import type { Problem } from '../../core/wire/problems.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import type { Proof } from './attestation/proof.ts';

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
  /** For a symmetric key: SHA-256 in hex of the key of the first registration. */
  readonly keyDigest?: string;
}

/**
 * A registration that failed or was disabled. The service reports it instead of the former assignment until the device is assigned
 * again.
 */
export interface UnassignedRecord {
  readonly registrationId: string;
  readonly status: 'failed' | 'disabled';
  /** The problem of a failed operation. */
  readonly problem?: Problem;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  readonly etag: string;
  readonly enrollmentGroupId?: string;
}

/** A registration in progress. Its outcome is already decided and is reported from `doneAt` on. */
export interface Operation {
  readonly operationId: string;
  readonly registrationId: string;
  readonly doneAt: Millis;
  readonly outcome: OperationOutcome;
}

export type OperationOutcome =
  | { readonly kind: 'assigned'; readonly state: RegistrationState; readonly proof: Proof }
  | { readonly kind: 'unassigned'; readonly record: UnassignedRecord };

/** The registrations and their operations. Operations are not saved. */
export class Registrations implements Store {
  readonly #records = new WatchedMap<RegistrationRecord>();
  /** Registrations that failed or were disabled, in the order in which they last ended. */
  readonly #unassigned = new WatchedMap<UnassignedRecord>();
  readonly parts = { assigned: this.#records, unassigned: this.#unassigned };
  readonly #operations = new Map<string, Operation>();
  /** The latest operation of each device. */
  readonly #last = new Map<string, Operation>();
  readonly #random: Random;
  readonly #clock: Clock;

  constructor(random: Random, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
  }

  /** Returns the last assignment of a device, even if a later registration failed. */
  find(registrationId: string): RegistrationRecord | undefined {
    return this.#records.get(registrationKey(registrationId));
  }

  /** Returns what the service reports for a device: the result of its last attempt. */
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
    const [oldest] = this.#unassigned.keys();
    if (this.#unassigned.size > unassignedKept && oldest !== undefined) this.#unassigned.delete(oldest);
  }

  /** Returns all assignments, including those that a failed registration hides. */
  list(): readonly RegistrationRecord[] {
    return [...this.#records.values()];
  }

  /** Returns what the service reports for all devices. */
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

  /** Starts an operation. Its ID has the form of the service: a digit, 16 hex digits, a UUID. */
  begin(operation: Omit<Operation, 'operationId'>): Operation {
    const operationId = `4.${this.#random.bytes(8).toString('hex')}.${this.#random.uuid()}`;
    const begun = { ...operation, operationId };
    this.#operations.set(operationId, begun);
    this.#last.set(registrationKey(begun.registrationId), begun);
    this.#forgetOld();
    return begun;
  }

  operation(operationId: string): Operation | undefined {
    return this.#operations.get(operationId);
  }

  /** Returns the operation that will assign the device and is not done yet. */
  underWay(registrationId: string, now: Millis): Operation | undefined {
    const last = this.#last.get(registrationKey(registrationId));
    return last !== undefined && last.outcome.kind === 'assigned' && last.doneAt > now ? last : undefined;
  }

  /** Operations are stored in the order in which they begin, which is also the order in which they are done. */
  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [operationId, operation] of this.#operations) {
      if (this.#operations.size <= operationsKept && operation.doneAt + doneKeptMs >= now) return;
      this.#operations.delete(operationId);
      const key = registrationKey(operation.registrationId);
      if (this.#last.get(key) === operation) this.#last.delete(key);
    }
  }
}

/** Time for which a finished operation can be polled. Azure does not document the value of the real service. */
const doneKeptMs = 15 * 60 * 1000;
/** Limits memory during a flood: three minutes of registrations at the service's quota. */
const operationsKept = 3000;
/** Limits memory: failed registrations must not accumulate. */
const unassignedKept = 10_000;
