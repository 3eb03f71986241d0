import type { Millis } from '../time/clock.ts';

/** The operations of the device API. */
export const deviceOperations = ['register', 'operation-status', 'status-lookup'] as const;

export type DeviceOperation = (typeof deviceOperations)[number];

/** HTTP statuses that a fault can put into an answer. */
export const faultStatuses = [429, 500, 503] as const;

/** The effect of a fault. `answer` and `drop` replace the answer of the service; `delay` delays this answer. */
export type FaultEffect =
  /**
   * Answers with an error status. If `retryAfterSeconds` is omitted, the answer has no Retry-After, like the answer of a proxy.
   */
  | { readonly kind: 'answer'; readonly status: (typeof faultStatuses)[number]; readonly retryAfterSeconds?: number }
  /** Cuts the connection. */
  | { readonly kind: 'drop' }
  /** Delays the answer by milliseconds of the clock of the lab or scenario. */
  | { readonly kind: 'delay'; readonly delayMs: number };

/** A fault and the conditions of the calls that it affects. A call is affected if it meets all conditions. */
export interface FaultRule {
  readonly effect: FaultEffect;
  readonly registrationId?: string;
  readonly operation?: DeviceOperation;
  /** Affects only the nth call that meets the other conditions. Counts from 1. */
  readonly nth?: number;
  /** Maximum number of affected calls. */
  readonly count?: number;
  /** Probability that a call is affected, from 0 to 1. The seed of the run determines the draw. */
  readonly rate?: number;
  readonly from?: Millis;
  /** Exclusive. */
  readonly to?: Millis;
}

/** An active fault, with the number of calls that it has affected. */
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
