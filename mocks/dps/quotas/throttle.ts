import type { CheckId } from '../../../core/checks.ts';
import type { Clock } from '../../../core/time/clock.ts';
import type { CloudSettings, Quotas } from '../../../core/cloud/cloud.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import type { DeviceCall } from '../device-call.ts';
import { Quota, type QuotaSize } from './quota.ts';

/** A request that is too much, and when there is room again. */
export interface Throttled {
  /** Absent where the switch says that a 429 names no time. */
  readonly retryAfterSeconds?: number;
}

/**
 * The rates of the service (DPS limits: registrations and operations per minute and service, polls per ten seconds and
 * device). It is asked before anything else is looked at; only what it refuses leaves a decision.
 */
export class Throttle {
  readonly #registrations: Quota;
  readonly #operations: Quota;
  readonly #polls = new Map<string, Quota>();
  readonly #quotas: Quotas;
  readonly #clock: Clock;
  readonly #history: History;
  readonly #fidelity: FidelitySettings;

  constructor({ clock, history, fidelity, quotas }: CloudSettings) {
    this.#quotas = { ...realQuotas, ...quotas };
    this.#clock = clock;
    this.#history = history;
    this.#fidelity = fidelity;
    this.#registrations = new Quota(this.#sizeOf('registrationsPerMinute'));
    this.#operations = new Quota(this.#sizeOf('operationsPerMinute'));
  }

  /** A registration or a status lookup, which count alike. */
  registration({ registrationId, credentials }: Caller): Throttled | undefined {
    const caller = { subject: registrationId, from: credentials.from };
    return this.#ask(this.#registrations, 'registration-quota-left', 'registrationsPerMinute', caller);
  }

  /** A device asks after an operation. */
  poll({ registrationId, credentials }: Caller): Throttled | undefined {
    const own = this.#pollsOf(registrationId);
    const caller = { subject: registrationId, from: credentials.from };
    const refused = this.#ask(own, 'poll-quota-left', 'pollsPer10s', caller);
    if (refused !== undefined || this.#fidelity.pollsAsOperations === 'separate') return refused;
    return this.#ask(this.#operations, 'operation-quota-left', 'operationsPerMinute', caller);
  }

  /** @param subject whom the history names. */
  operation(subject: string): Throttled | undefined {
    return this.#ask(this.#operations, 'operation-quota-left', 'operationsPerMinute', { subject });
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
    const expected = `no more than ${this.#quotas[name]} (${name})`;
    const seconds = Math.max(1, Math.ceil((freeAt - now) / 1000));
    const isOverlooked = trace.check(check, false, expected, `one more; there is room in ${seconds} s`);
    this.#history.record({ kind: 'decision', ...trace.decision() });
    if (isOverlooked) return undefined;
    return this.#fidelity.throttleRetryAfter === 'none' ? {} : { retryAfterSeconds: seconds };
  }

  #pollsOf(registrationId: string): Quota {
    const key = registrationKey(registrationId);
    const known = this.#polls.get(key);
    if (known !== undefined) return known;
    const quota = new Quota(this.#sizeOf('pollsPer10s'));
    this.#polls.set(key, quota);
    const [oldest] = this.#polls.keys();
    if (oldest !== undefined && this.#polls.size > devicesKept) this.#polls.delete(oldest);
    return quota;
  }

  #sizeOf(name: keyof Quotas): QuotaSize {
    return { limit: this.#quotas[name], windowMs: windows[name], counted: this.#fidelity.throttleWindow };
  }
}

/** A device that asks. */
type Caller = Pick<DeviceCall, 'registrationId' | 'credentials'>;

/** As the page on DPS limits gives them. */
const realQuotas: Quotas = { registrationsPerMinute: 1000, operationsPerMinute: 1000, pollsPer10s: 5 };

const windows: Readonly<Record<keyof Quotas, number>> = {
  registrationsPerMinute: 60_000,
  operationsPerMinute: 60_000,
  pollsPer10s: 10_000,
};

/** A bound on memory: whoever polls under ever new names must not make the service remember them all. */
const devicesKept = 20_000;
