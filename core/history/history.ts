import type { Attestation, AttemptEnd, Transport } from './attempt.ts';
import type { BlastRadius } from './blast-radius.ts';
import type { Clock, Millis } from '../time/clock.ts';
import type { CheckId, Judge } from '../checks.ts';
import { DecisionTrace, type Decision } from './decision.ts';
import type { Drill } from './drill.ts';
import type { LineEnd } from './line-end.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Finding } from '../findings/signals/signal.ts';
import type { SecretChange } from '../findings/secrets.ts';
import type { Unit } from './unit.ts';

/** What happened, without the instant. */
export type Happening =
  | { readonly kind: 'step-started'; readonly step: number; readonly name: string; readonly line: number }
  | { readonly kind: 'step-ended'; readonly step: number }
  | { readonly kind: 'time-jumped'; readonly from: Millis; readonly to: Millis }
  /** Something that a person or a station did, in words, with what it did it to. */
  | {
      readonly kind: 'deed';
      readonly party: Party;
      /** Where it was done, if that was a station of the scenario. */
      readonly station?: string;
      readonly subject: string;
      readonly sentence: string;
    }
  /** A station needed what it does not hold, and so a network, whether or not it has one. */
  | { readonly kind: 'asked-afar'; readonly station: string; readonly what: string }
  | ({ readonly kind: 'secret' } & SecretChange)
  | ({ readonly kind: 'unit' } & Unit)
  | ({ readonly kind: 'line-ended' } & LineEnd)
  | ({ readonly kind: 'reconciled' } & Reconciliation)
  | ({ readonly kind: 'blast-radius' } & BlastRadius)
  | ({ readonly kind: 'drill' } & Drill)
  /** What somebody found who went through the books of the services. */
  | { readonly kind: 'signals'; readonly findings: readonly Finding[] }
  | { readonly kind: 'wire'; readonly door: Door; readonly from: string; readonly to: string; readonly message: string }
  | ({ readonly kind: 'service-record' } & ServiceRecord)
  | ({ readonly kind: 'decision' } & Decision)
  | {
      readonly kind: 'attempt-started';
      readonly device: string;
      readonly registrationId: string;
      readonly attestation: Attestation;
      readonly transport: Transport;
      /** Where it is none of a device. */
      readonly by?: 'attacker';
      /** Network address that the device calls from, if it has one of its own. */
      readonly from?: string;
      /** What the clock of the device says, where that is not the time. */
      readonly clock?: Millis;
    }
  | ({ readonly kind: 'attempt-ended'; readonly device: string; readonly registrationId: string } & AttemptEnd);

/** Who acts in a timeline. */
export const parties = [
  'tpm-maker',
  'hsm-vendor',
  'third-party-pki',
  'manufacturer',
  'contract-manufacturer',
  'software-installer',
  'warehouse',
  'customer',
  'cloud-operator',
  'device',
  'attacker',
] as const;

export type Party = (typeof parties)[number];

/** The way by which a message came in. */
export type Door = Transport;

export type HistoryEvent = Happening & { readonly at: Millis };

/** Everything that happened in one world, in order. Only grows, unless it was given a limit. */
export class History {
  readonly #clock: Clock;
  readonly #limit: number | undefined;
  readonly #onRecord: () => void;
  readonly #sabotage: CheckId | undefined;
  #events: HistoryEvent[] = [];

  /**
   * @param options.limit for a lab that runs for weeks: how many events are kept. The oldest go, a tenth at a time, and long
   *   texts are shortened, so that a flood of messages takes no more than so much memory.
   * @param options.onRecord told after each event.
   * @param options.sabotage a check that is switched off for every judge whose decisions go into this history.
   */
  constructor(
    clock: Clock,
    options: { readonly limit?: number; readonly onRecord?: () => void; readonly sabotage?: CheckId | undefined } = {},
  ) {
    this.#clock = clock;
    this.#limit = options.limit;
    this.#onRecord = options.onRecord ?? (() => {});
    this.#sabotage = options.sabotage;
  }

  /**
   * Begins a decision. Nothing of it is on record until `record` is given it.
   *
   * @param from network address of the client that it is about, so that two clients of one name are told apart.
   */
  trace(judge: Judge, subject: string, about: string, from?: string): DecisionTrace {
    return new DecisionTrace(judge, subject, about, this.#sabotage, from);
  }

  record(happening: Happening): void {
    const event = { at: this.#clock.now(), ...happening };
    this.#events.push(this.#limit === undefined ? event : shortened(event));
    if (this.#limit !== undefined && this.#events.length > this.#limit) {
      this.#events = this.#events.slice(Math.ceil(this.#limit / 10));
    }
    this.#onRecord();
  }

  events(): readonly HistoryEvent[] {
    return this.#events;
  }
}

const textLimit = 2000;

/** The same with every text inside cut to its beginning. Copied: what is cut out of a long text would keep all of it. */
function shortened<T>(value: T): T {
  if (typeof value === 'string' && value.length > textLimit) {
    return Buffer.from(`${value.slice(0, textLimit)}…`).toString() as T & string;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shortened) as T & unknown[];
  return Object.fromEntries(Object.entries(value).map(([word, inner]) => [word, shortened(inner)])) as T;
}
