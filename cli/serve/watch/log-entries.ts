import { defined } from '../../../core/defined.ts';
import { offerText } from '../../../core/findings/offer-text.ts';
import { firstFailed } from '../../../core/history/decision.ts';
import type { HistoryEvent, Transport } from '../../../core/history/events.ts';
import { afterRealTime, isoInstant } from '../../../core/time/clock.ts';
import { spokenBetween } from '../../../core/time/spoken-between.ts';
import { decisionText, serviceOf, transportNames } from '../../../reports/sentences/decision-text.ts';
import { checkText } from '../../../reports/sentences/why-text.ts';
import type { LogEntry } from './log-entry.ts';
import { withoutSecrets } from './without-secrets.ts';

type Of<Kind extends HistoryEvent['kind']> = Extract<HistoryEvent, { readonly kind: Kind }>;

/**
 * Makes log entries from the events of a lab. An entry says its transport. A decision does not contain a transport, so its entry waits a
 * moment for the next message of the same client, which contains one.
 */
export class LogEntries {
  readonly #write: (entry: LogEntry) => void;
  #waiting: Of<'decision'>[] = [];

  constructor(write: (entry: LogEntry) => void) {
    this.#write = write;
  }

  /** Writes the entries of an event. */
  add(event: HistoryEvent): void {
    if (event.kind === 'decision') this.#hold(event);
    if (event.kind === 'wire') this.#addMessage(event);
    if (event.kind === 'client-hello') this.#addOffer(event);
    if (event.kind === 'deed')
      this.#write({ ...timeOf(event), kind: 'fault', subject: clean(event.subject), sentence: deedText(event) });
    if (event.kind === 'time-jumped') this.#write({ ...timeOf(event), kind: 'clock', sentence: clockText(event) });
  }

  /** Writes the waiting entries at once, even if their transport is still unknown. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const decision of waiting) this.#write(decisionEntry(decision));
  }

  #hold(decision: Of<'decision'>): void {
    if (this.#waiting.length >= waitingLimit) this.flush();
    this.#waiting.push(decision);
    afterRealTime(waitMs, () => this.#release((one) => one === decision));
  }

  /** Writes the waiting decisions that `isChosen` accepts, in order. Returns true if one of them is a refusal. */
  #release(isChosen: (decision: Of<'decision'>) => boolean, transport?: Transport): boolean {
    const released = this.#waiting.filter(isChosen);
    if (released.length === 0) return false;
    this.#waiting = this.#waiting.filter((one) => !released.includes(one));
    for (const decision of released) this.#write(decisionEntry(decision, transport));
    return released.some((decision) => firstFailed(decision) !== undefined);
  }

  #addOffer(event: Of<'client-hello'>): void {
    const service = event.host?.includes('.azure-devices.net') === true ? event.host : 'dps';
    const common = { ...timeOf(event), service, subject: event.from, transport: event.door };
    this.#write({ ...common, level: 'debug', kind: 'message', sentence: clean(offerText(event)) });
  }

  #addMessage(event: Of<'wire'>): void {
    const { door, from, to, message } = event;
    const isRefused = this.#release(({ subject }) => subject === from || subject === to, door);
    const hub = to === 'dps' && message.includes('"status":"assigned"') ? assignedHub.exec(message)?.[1] : undefined;
    const common = { ...timeOf(event), service: serviceIn(event), subject: clean(from), transport: door };
    if (hub !== undefined) {
      const sentence = clean(`DPS assigned ${from} to ${hub} over ${transportNames[door]}`);
      this.#write({ ...common, kind: 'assigned', outcome: 'accepted', sentence });
    } else if (isError(message) && !isRefused) {
      this.#write({ ...common, kind: 'answer', outcome: 'refused', sentence: messageText(event) });
    } else {
      this.#write({ ...common, level: 'debug', kind: 'message', sentence: messageText(event) });
    }
  }
}

/** Real milliseconds that a decision waits for its message. A message that a fault delays comes after this time. */
const waitMs = 250;
/** Maximum number of waiting decisions, so that a flood of connections does not fill the memory. */
const waitingLimit = 200;

const assignedHub = /"assignedHub":"([^"]+)"/;

/**
 * An error status or error code, a CONNACK that refuses, the end of a connection, an answer that the client does not get, or an error that
 * a hub sends over MQTT.
 */
function isError(message: string): boolean {
  return errors.some((error) => error.test(message));
}

const errors = [
  /→ (?:[45]\d\d(?:\d{3})?\b|CONNACK [1-9]|the connection is |no answer, )/,
  /^the hub ends the connection|^ATTACH refused: /,
  // Answers of a hub over MQTT and AMQP.
  /^PUBLISH \$iothub\/[a-z]+\/res\/[45]\d\d\/|^SEND twin [45]\d\d\b/,
];

function timeOf({ at }: HistoryEvent): Pick<LogEntry, 'at' | 'level'> {
  return { at: isoInstant(at), level: 'normal' };
}

function decisionEntry(decision: Of<'decision'>, transport?: Transport): LogEntry {
  const refusal = firstFailed(decision);
  const service = serviceOf(decision);
  return {
    ...timeOf(decision),
    kind: 'decision',
    service: service === 'DPS' ? 'dps' : service,
    subject: clean(decision.subject),
    ...defined({ transport, check: refusal?.check }),
    ...(refusal === undefined ? {} : { reason: clean(checkText(refusal)) }),
    outcome: refusal === undefined ? 'accepted' : 'refused',
    sentence: clean(decisionText(decision, transport)),
  };
}

function serviceIn({ from, to }: Of<'wire'>): string {
  return isService(from) ? from : to;
}

function isService(name: string): boolean {
  return name === 'dps' || name.includes('.azure-devices.net');
}

function messageText({ door, from, to, message }: Of<'wire'>): string {
  // The error of a refused message is at its end.
  const cut = message.length > 2 * partLimit ? `${message.slice(0, partLimit)}…${message.slice(-partLimit)}` : message;
  return clean(`${from} to ${to === 'dps' ? 'DPS' : to} over ${transportNames[door]}: ${cut}`);
}

/** Number of characters that the log has of the beginning of a long message, and of its end. The history has up to 2000. */
const partLimit = 250;

function deedText({ subject, sentence }: Of<'deed'>): string {
  return clean(`fault for ${subject}: ${sentence}`);
}

function clockText({ from, to }: Of<'time-jumped'>): string {
  return `the clock advanced by ${spokenBetween(from, to)} to ${isoInstant(to)}`;
}

function clean(text: string): string {
  return withoutSecrets(text);
}
