import type { Clock, Millis } from '../../core/time/clock.ts';
import type { RegistrationState } from '../../core/wire/dps-wire.ts';
import type { Random } from '../../core/random.ts';
import { registrationKey } from '../../core/wire/registration-id.ts';
import type { Problem } from '../../core/wire/problems.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import type { Proof } from './attestation/attestation.ts';

/** Where a device was assigned to. */
export interface RegistrationRecord {
  readonly registrationId: string;
  readonly deviceId: string;
  /** Host name. */
  readonly hub: string;
  readonly substatus: string;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  readonly etag: string;
  /** What a custom allocation webhook has to tell the device. */
  readonly payload?: unknown;
  /** The group that let the device in; absent where it was an individual enrollment. */
  readonly enrollmentGroupId?: string;
  /** How it attested; absent in records of earlier versions of the lab. */
  readonly attestation?: Proof['type'];
  /** For a symmetric key: SHA-256 in hex of the key that it registered with first. */
  readonly keyDigest?: string;
}

/** A registration that came to nothing. It is shown in place of the assignment before it, until the device is assigned again. */
export interface UnassignedRecord {
  readonly registrationId: string;
  readonly status: 'failed' | 'disabled';
  /** Number and sentence of a failed operation. */
  readonly problem?: Problem;
  readonly createdAt: Millis;
  readonly updatedAt: Millis;
  readonly etag: string;
  readonly enrollmentGroupId?: string;
}

/** A registration on its way: what it will come to is decided, and told from `doneAt` on. */
export interface Operation {
  readonly operationId: string;
  readonly registrationId: string;
  readonly doneAt: Millis;
  readonly outcome: OperationOutcome;
}

export type OperationOutcome =
  | { readonly kind: 'assigned'; readonly state: RegistrationState; readonly proof: Proof }
  | { readonly kind: 'unassigned'; readonly record: UnassignedRecord };

/** The service's memory of who registered and of operations that devices ask after. Operations end with the process. */
export class Registrations implements Store {
  readonly #records = new WatchedMap<RegistrationRecord>();
  /** Registrations that failed or were disabled, in the order of their last end. */
  readonly #unassigned = new WatchedMap<UnassignedRecord>();
  readonly parts = { assigned: this.#records, unassigned: this.#unassigned };
  readonly #operations = new Map<string, Operation>();
  /** The operation that each device began last. */
  readonly #last = new Map<string, Operation>();
  readonly #random: Random;
  readonly #clock: Clock;

  constructor(random: Random, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
  }

  /** The last assignment of a device, whatever came after it. */
  find(registrationId: string): RegistrationRecord | undefined {
    return this.#records.get(registrationKey(registrationId));
  }

  /** What the service shows of a registration: how the device's last attempt ended. */
  shown(registrationId: string): RegistrationRecord | UnassignedRecord | undefined {
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

  /** Where devices were assigned to, whatever came after it. */
  list(): readonly RegistrationRecord[] {
    return [...this.#records.values()];
  }

  /** Every registration as the service shows it. */
  listShown(): readonly (RegistrationRecord | UnassignedRecord)[] {
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

  /** Starts an operation; its ID has the service's form: a digit, 16 hex digits, a UUID. */
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

  /** The operation of a device that will assign it and has not done so yet. */
  underWay(registrationId: string, now: Millis): Operation | undefined {
    const last = this.#last.get(registrationKey(registrationId));
    return last !== undefined && last.outcome.kind === 'assigned' && last.doneAt > now ? last : undefined;
  }

  /** In the order they began, which is the order they are done in. */
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

/** How long an operation that is done may be asked after; ours, the service's own patience is not known. */
const doneKeptMs = 15 * 60 * 1000;
/** A bound on memory, three minutes of registrations at the service's quota: a flood must not keep every operation. */
const operationsKept = 3000;
/** A bound on memory: registrations that came to nothing must not be remembered for ever. */
const unassignedKept = 10_000;
