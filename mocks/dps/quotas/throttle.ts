import type { CheckId } from '../../../core/checks.ts';
import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { CloudSettings, Quotas } from '../../../core/cloud/cloud.ts';
import type { OtherRegistrations } from '../../../core/cloud/fleet-rules.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import { Quota, type QuotaSize } from '../../../core/rules/quota.ts';
import { retryAfterSeconds } from '../../../core/rules/retry-after-seconds.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import type { DeviceCall } from '../device-call.ts';
import { QuotaByDevice } from './quota-by-device.ts';

/** A request that exceeds a rate limit. */
export interface Throttled {
  /** Seconds until the next request is possible. Absent if the switch `throttleRetryAfter` is `none`. */
  readonly retryAfterSeconds?: number;
}

/**
 * The rate limits of the service: registrations and operations per minute, and polls of each device per ten seconds.
 * The service checks these limits before everything else, and records a decision only if it refuses a request.
 */
export class Throttle {
  readonly #registrations: Quota;
  readonly #operations: Quota;
  readonly #polls = new QuotaByDevice(() => new Quota(this.#sizeOf('pollsPer10s')), windows.pollsPer10s);
  /** The quotas in effect. */
  readonly quotas: Quotas;
  readonly #clock: Clock;
  readonly #history: History;
  readonly #fidelity: FidelitySettings;
  #others: OtherRegistrations | undefined;

  constructor({ clock, history, fidelity, quotas }: CloudSettings) {
    this.quotas = { ...realQuotas, ...quotas };
    this.#clock = clock;
    this.#history = history;
    this.#fidelity = fidelity;
    this.#registrations = new Quota(this.#sizeOf('registrationsPerMinute'));
    this.#operations = new Quota(this.#sizeOf('operationsPerMinute'));
  }

  /** Returns a copy of the quota of registrations, with all requests so far. */
  registrationQuota(): Quota {
    return this.#registrations.copy();
  }

  get pollQuota(): QuotaSize {
    return this.#sizeOf('pollsPer10s');
  }

  /**
   * Sets the simulated devices whose requests the registration quota also counts. Before the change, the method counts
   * the remaining requests of the previous `others`. If `others` is undefined, the quota counts only requests of
   * clients.
   */
  countOthers(others: OtherRegistrations | undefined): void {
    this.#others?.countRest((at) => this.#takeRegistration(at));
    this.#others = others;
  }

  /** Counts a registration or a status lookup; both use the same quota. */
  registration({ registrationId, credentials }: Caller): Throttled | undefined {
    const take = (at: Millis): boolean => this.#takeRegistration(at);
    if (this.#others?.countBefore(registrationId, this.#clock.now(), take) === true) return undefined;
    const caller = { subject: registrationId, from: credentials.from };
    return this.#ask(this.#registrations, 'registration-quota-left', 'registrationsPerMinute', caller);
  }

  /** Counts a poll of an operation. */
  poll({ registrationId, credentials }: Caller): Throttled | undefined {
    const own = this.#polls.of(registrationKey(registrationId), this.#clock.now());
    const caller = { subject: registrationId, from: credentials.from };
    const refused = this.#ask(own, 'poll-quota-left', 'pollsPer10s', caller);
    if (refused !== undefined || this.#fidelity.pollsAsOperations === 'separate') return refused;
    return this.#ask(this.#operations, 'operation-quota-left', 'operationsPerMinute', caller);
  }

  /** Counts a request to the service API. @param subject subject of the decision that the history records. */
  operation(subject: string): Throttled | undefined {
    return this.#ask(this.#operations, 'operation-quota-left', 'operationsPerMinute', { subject });
  }

  #takeRegistration(at: Millis): boolean {
    return this.#registrations.take(at) === undefined;
  }

  #ask(
    quota: Quota,
    check: CheckId,
    name: keyof Quotas,
    { subject, from }: { readonly subject: string; readonly from?: string | undefined },
  ): Throttled | undefined {
    const now = this.#clock.now();
    const freeAt = quota.take(now);
    if (freeAt === undefined) return undefined;
    const trace = this.#history.trace('dps', subject, 'quota', from);
    const expected = `at most ${this.quotas[name]} requests (${name})`;
    const seconds = retryAfterSeconds(freeAt, now);
    const isCheckDisabled = trace.check(check, false, expected, `one more request; retry after ${seconds} s`);
    this.#history.record({ kind: 'decision', ...trace.decision() });
    if (isCheckDisabled) return undefined;
    return this.#fidelity.throttleRetryAfter === 'none' ? {} : { retryAfterSeconds: seconds };
  }

  #sizeOf(name: keyof Quotas): QuotaSize {
    return { limit: this.quotas[name], windowMs: windows[name], counted: this.#fidelity.throttleWindow };
  }
}

/** The device that sends a request. */
type Caller = Pick<DeviceCall, 'registrationId' | 'credentials'>;

/** The quotas in the documentation of the DPS limits. */
const realQuotas: Quotas = { registrationsPerMinute: 1000, operationsPerMinute: 1000, pollsPer10s: 5 };

const windows: Readonly<Record<keyof Quotas, number>> = {
  registrationsPerMinute: 60_000,
  operationsPerMinute: 60_000,
  pollsPer10s: 10_000,
};
