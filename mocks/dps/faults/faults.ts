import type { Clock } from '../../../core/time/clock.ts';
import type { FaultControl, FaultEffect, DeviceOperation, FaultRule, ActiveFault } from '../../../core/cloud/faults.ts';
import type { Random } from '../../../core/random.ts';
import { faultCovers } from '../../../core/rules/fault-covers.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';

type Counted = ActiveFault & { seen: number; struck: number };

/** The injected faults. The service looks for a fault after it has accepted a client and before it executes the request. */
export class Faults implements FaultControl {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #rules: Counted[] = [];
  #ordered = 0;

  /** @param random source of the draws for rules with a rate. */
  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  add(rule: FaultRule): ActiveFault {
    const standing = { ...rule, id: `fault-${++this.#ordered}`, seen: 0, struck: 0 };
    this.#rules.push(standing);
    return standing;
  }

  list(): readonly ActiveFault[] {
    return this.#rules;
  }

  remove(id: string): boolean {
    const index = this.#rules.findIndex((rule) => rule.id === id);
    if (index >= 0) this.#rules.splice(index, 1);
    return index >= 0;
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** Returns the fault that affects this call: the first added rule that is due. Every rule counts the calls that match it. */
  strike(
    registrationId: string,
    operation: DeviceOperation,
  ): { readonly id: string; readonly effect: FaultEffect } | undefined {
    let struck: Counted | undefined;
    for (const rule of this.#rules) {
      if (!this.#covers(rule, registrationId, operation)) continue;
      rule.seen++;
      if (struck === undefined && this.#isDue(rule)) struck = rule;
    }
    if (struck === undefined) return undefined;
    struck.struck++;
    return { id: struck.id, effect: struck.effect };
  }

  #covers(rule: FaultRule, registrationId: string, operation: DeviceOperation): boolean {
    return (
      (rule.registrationId === undefined || registrationKey(rule.registrationId) === registrationKey(registrationId)) &&
      faultCovers(rule, operation, this.#clock.now())
    );
  }

  #isDue({ nth, count, rate, seen, struck }: ActiveFault): boolean {
    if (nth !== undefined && seen !== nth) return false;
    if (count !== undefined && struck >= count) return false;
    return rate === undefined || this.#random.number() < rate;
  }
}
