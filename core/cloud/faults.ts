import type { Millis } from '../time/clock.ts';

/** The operations of the device API. */
export const deviceOperations = ['register', 'operation-status', 'status-lookup'] as const;

export type DeviceOperation = (typeof deviceOperations)[number];

/** HTTP statuses with which a fault can answer. */
export const faultStatuses = [429, 500, 503] as const;

/** The effect of a fault. `answer` and `drop` replace the answer, `delay` precedes it. */
export type FaultEffect =
  /** If `retryAfterSeconds` is omitted, no Retry-After is sent, like the answer of a proxy. */
  | { readonly kind: 'answer'; readonly status: (typeof faultStatuses)[number]; readonly retryAfterSeconds?: number }
  /** Cuts the connection. */
  | { readonly kind: 'drop' }
  /** Waits for milliseconds by the clock of the lab or scenario. */
  | { readonly kind: 'delay'; readonly delayMs: number };

/** A fault and the conditions of the calls that it affects. All conditions must hold. */
export interface FaultRule {
  readonly effect: FaultEffect;
  readonly registrationId?: string;
  readonly operation?: DeviceOperation;
  /** Affects only the nth call that meets the other conditions, from 1. */
  readonly nth?: number;
  /** Maximum number of affected calls. */
  readonly count?: number;
  /** Probability for each call, 0 to 1, drawn from the seed. */
  readonly rate?: number;
  readonly from?: Millis;
  /** Exclusive. */
  readonly to?: Millis;
}

/** A fault that is active. */
export interface ActiveFault extends FaultRule {
  readonly id: string;
  /** Number of calls that met the conditions so far. */
  readonly seen: number;
  /** Number of affected calls. */
  readonly struck: number;
}

/** Adds and removes faults. */
export interface FaultControl {
  add(rule: FaultRule): ActiveFault;
  list(): readonly ActiveFault[];
  /** Returns false if no fault has this ID. */
  remove(id: string): boolean;
  clear(): void;
}
