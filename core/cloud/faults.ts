import type { Millis } from '../time/clock.ts';

/** What a client may ask the provisioning service for. */
export const deviceOperations = ['register', 'operation-status', 'status-lookup'] as const;

export type DeviceOperation = (typeof deviceOperations)[number];

/** Statuses that a fault may answer with. */
export const faultStatuses = [429, 500, 503] as const;

/** What happens in place of the answer; a delay happens before it. */
export type FaultEffect =
  /** `retryAfterSeconds` absent: no Retry-After is sent, as a proxy in between would do. */
  | { readonly kind: 'answer'; readonly status: (typeof faultStatuses)[number]; readonly retryAfterSeconds?: number }
  /** The connection is cut. */
  | { readonly kind: 'drop' }
  /** Milliseconds by the clock of the lab or scenario. */
  | { readonly kind: 'delay'; readonly delayMs: number };

/** Which calls meet a fault: those that every word lets through. */
export interface FaultRule {
  readonly effect: FaultEffect;
  readonly registrationId?: string;
  readonly operation?: DeviceOperation;
  /** Only the nth call that the other words let through, from 1. */
  readonly nth?: number;
  /** How often it strikes at most. */
  readonly count?: number;
  /** Chance for each call, 0 to 1, drawn from the seed. */
  readonly rate?: number;
  readonly from?: Millis;
  /** Exclusive. */
  readonly to?: Millis;
}

/** A rule in force. */
export interface ActiveFault extends FaultRule {
  readonly id: string;
  /** Calls that came within its words so far. */
  readonly seen: number;
  /** How often it struck. */
  readonly struck: number;
}

/** Where faults are ordered and called off. */
export interface FaultControl {
  add(rule: FaultRule): ActiveFault;
  list(): readonly ActiveFault[];
  /** Returns whether there was one. */
  remove(id: string): boolean;
  clear(): void;
}
