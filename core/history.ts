import type { Attestation, AttemptEnd, Transport } from './attempt.ts';
import type { Clock, Millis } from './clock.ts';
import type { Decision } from './decision.ts';

/** What happened, without the instant. */
export type Happening =
  | { readonly kind: 'step-started'; readonly step: number; readonly name: string; readonly line: number }
  | { readonly kind: 'step-ended'; readonly step: number }
  | { readonly kind: 'time-jumped'; readonly from: Millis; readonly to: Millis }
  /** Something that a person or a station did, in words, with what it did it to. */
  | { readonly kind: 'deed'; readonly party: Party; readonly subject: string; readonly sentence: string }
  | { readonly kind: 'wire'; readonly door: Door; readonly from: string; readonly to: string; readonly message: string }
  | ({ readonly kind: 'decision' } & Decision)
  | {
      readonly kind: 'attempt-started';
      readonly device: string;
      readonly registrationId: string;
      readonly attestation: Attestation;
      readonly transport: Transport;
    }
  | ({ readonly kind: 'attempt-ended'; readonly device: string; readonly registrationId: string } & AttemptEnd);

/** Who acts in a timeline. */
export type Party = 'manufacturer' | 'warehouse' | 'cloud-operator' | 'device' | 'attacker';

/** The way by which a message came in. */
export type Door = Transport;

export type HistoryEvent = Happening & { readonly at: Millis };

/** Everything that happened in one world, in order. Only grows. */
export class History {
  readonly #clock: Clock;
  readonly #events: HistoryEvent[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record(happening: Happening): void {
    this.#events.push({ at: this.#clock.now(), ...happening });
  }

  events(): readonly HistoryEvent[] {
    return this.#events;
  }
}
