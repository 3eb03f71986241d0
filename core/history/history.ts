import type { CheckId, Judge } from '../checks.ts';
import type { Clock } from '../time/clock.ts';
import { CertificateTable } from './certificate-table.ts';
import { DecisionTrace } from './decision.ts';
import type { EventData, HistoryEvent } from './events.ts';
import { OfferTable } from './offer-table.ts';

/** All events of one scenario or lab, in order. Without a limit, the history keeps every event. */
export class History {
  readonly #clock: Clock;
  readonly #limit: number | undefined;
  readonly #onRecord: (event: HistoryEvent) => void;
  readonly #sabotage: CheckId | undefined;
  #events: HistoryEvent[] = [];
  #hasQuietVisit = false;
  /** The certificates that events refer to. */
  readonly certificates: CertificateTable;
  /** The ClientHello offers that events refer to. */
  readonly offers: OfferTable;

  /**
   * @param options.limit maximum number of events, for labs that run for weeks. A full history drops the oldest tenth of its
   * events, and shortens long texts, so that its memory use is bounded.
   * @param options.onRecord the history calls it after each event, with the event as the history stores it.
   * @param options.sabotage a check that is disabled for every service and device that records in this history.
   */
  constructor(
    clock: Clock,
    options: {
      readonly limit?: number;
      readonly onRecord?: (event: HistoryEvent) => void;
      readonly sabotage?: CheckId | undefined;
    } = {},
  ) {
    this.#clock = clock;
    this.#limit = options.limit;
    this.#onRecord = options.onRecord ?? (() => {});
    this.#sabotage = options.sabotage;
    this.offers = new OfferTable(options.limit !== undefined);
    this.certificates = new CertificateTable(options.limit === undefined ? undefined : certificateOctets);
  }

  /**
   * Starts a decision. The history records it only when the caller passes it to `record`.
   *
   * @param from network address of the client, which distinguishes two clients with the same name.
   */
  trace(judge: Judge, subject: string, about: string, from?: string): DecisionTrace {
    return new DecisionTrace(judge, subject, about, this.#sabotage, { from, table: this.certificates });
  }

  /**
   * Call this method at the instant of a simulated visit that gets no separate event. A later `quiet-visits` event
   * counts the visit. If a time jump follows, the history merges the jumps before and after the visit into one event.
   */
  noteQuietVisit(): void {
    this.#hasQuietVisit = true;
  }

  record(data: EventData): void {
    const last = this.#events.at(-1);
    const isOneJump = this.#hasQuietVisit && data.kind === 'time-jumped' && last?.kind === 'time-jumped';
    this.#hasQuietVisit = false;
    if (isOneJump) {
      this.#events[this.#events.length - 1] = { ...last, to: data.to };
      return;
    }
    const given = { at: this.#clock.now(), ...data };
    const event = this.#limit === undefined ? given : shortened(given);
    this.#events.push(event);
    if (this.#limit !== undefined && this.#events.length > this.#limit) {
      this.#events = this.#events.slice(Math.ceil(this.#limit / 10));
    }
    this.#onRecord(event);
  }

  events(): readonly HistoryEvent[] {
    return this.#events;
  }
}

/**
 * Maximum number of octets in the certificate table, if the number of events has a limit. This number is enough for
 * some thousand certificates.
 */
const certificateOctets = 4 * 1024 * 1024;

/** In characters. */
const textLimit = 2000;
const endLimit = 500;

/**
 * Shortens every text inside a value. Returns the value itself if no text is too long, as in nearly every event. Copies each shortened
 * text, because a slice of a string keeps the whole string in memory.
 */
function shortened<T>(value: T): T {
  if (typeof value === 'string' && value.length > textLimit) {
    // The answer to a message is at the end of its text.
    return Buffer.from(`${value.slice(0, textLimit - endLimit)}…${value.slice(-endLimit)}`).toString() as T & string;
  }
  if (typeof value !== 'object' || value === null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [word, inner] of Object.entries(value)) {
    const short: unknown = shortened(inner);
    if (short !== inner)
      (copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>)[word] = short;
  }
  return (copy as T | undefined) ?? value;
}
