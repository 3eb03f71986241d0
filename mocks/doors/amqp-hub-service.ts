import rhea, { type Delivery, type Sender } from 'rhea';
import type { Door, History } from '../../core/history.ts';
import type { Hub } from '../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../hub/hub-problems.ts';
import { parseDevicebound, type ServiceEnd } from './amqp-hub-address.ts';
import { amqpHubError } from './amqp-hub-error.ts';
import { readHubMessage } from './amqp-hub-message.ts';
import type { AmqpMessage } from './amqp-message.ts';
import { AmqpOutlet } from './amqp-outlet.ts';

interface ServiceParts {
  readonly hub: Hub;
  readonly door: Door;
  readonly history: History;
  /** The client reads nothing of what it asked for. */
  overflow(): void;
}

/** The service side of a hub over AMQP: messages to devices, and what became of them. */
export class AmqpHubService {
  readonly #parts: ServiceParts;
  #feedback: readonly AmqpOutlet[] = [];
  #stopListening: (() => void) | undefined;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** A link to listen on was attached. Of uploaded files there is nothing to tell. */
  listen(end: ServiceEnd, link: Sender): void {
    this.#note(`ATTACH from ${end}`);
    if (end !== 'feedback') return;
    const outlet = new AmqpOutlet(link, {
      onRoom: () => this.#drain(),
      onOverflow: () => this.#parts.overflow(),
    });
    this.#feedback = [...this.#feedback, outlet];
    this.#stopListening ??= this.#parts.hub.feedback.listen(() => this.#drain());
  }

  /** A message to a device. */
  take(message: AmqpMessage, delivery: Delivery): void {
    const written = parseDevicebound(message.system['to']);
    const deviceId = written === undefined ? undefined : this.#parts.hub.nameOf(written);
    const problem = deviceId === undefined ? noDevice : this.#send(deviceId, message);
    const how = problem === undefined ? 'accepted' : `${problem.errorCode} ${problem.name}`;
    this.#note(`SEND ${deviceId ?? 'nowhere'} ${message.body.toString('utf8').slice(0, 200)} → ${how}`);
    if (problem === undefined) delivery.accept();
    else delivery.reject(amqpHubError(problem, this.#parts.hub));
  }

  /** Forgets links that are gone. */
  prune(): void {
    const gone = this.#feedback.filter((outlet) => !outlet.isOpen());
    this.#feedback = this.#feedback.filter((outlet) => outlet.isOpen());
    if (this.#feedback.length === 0) this.#stop();
    for (const outlet of gone) outlet.shut();
  }

  ended(): void {
    this.#stop();
    const gone = this.#feedback;
    this.#feedback = [];
    for (const outlet of gone) outlet.shut();
  }

  #send(deviceId: string, message: AmqpMessage): HubProblem | undefined {
    const read = readHubMessage(message);
    if (read.ack !== undefined && !acks.has(read.ack)) {
      return saying(hubProblems.argumentInvalid, 'iothub-ack is none, positive, negative or full.');
    }
    return this.#parts.hub.send(deviceId, read);
  }

  #drain(): void {
    const { hub } = this.#parts;
    hub.tidyQueues();
    for (const outlet of this.#feedback) {
      while (outlet.hasRoom()) {
        const batch = hub.feedback.take();
        if (batch === undefined) return;
        const text = JSON.stringify(batch.records);
        this.#note(`SEND feedback ${text.slice(0, 400)}`, 'hub');
        outlet.send(
          {
            user_id: Buffer.from(hub.host.split('.', 1)[0] ?? ''),
            content_type: 'application/vnd.microsoft.iothub.feedback.json',
            message_annotations: { 'iothub-enqueuedtime': rhea.types.wrap_timestamp(hub.now()) },
            body: rhea.message.data_section(Buffer.from(text)),
          },
          rhea.string_to_uuid(batch.lockToken),
          (settlement) => hub.feedback.settle(batch.lockToken, settlement),
        );
      }
    }
  }

  #stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #note(message: string, sender: 'service' | 'hub' = 'service'): void {
    const { hub, history, door } = this.#parts;
    const [from, to] = sender === 'service' ? ['service', hub.host] : [hub.host, 'service'];
    history.record({ kind: 'wire', door, from, to, message });
  }
}

const noDevice = saying(hubProblems.argumentInvalid, 'The message is for no device.');
const acks: ReadonlySet<string> = new Set(['none', 'positive', 'negative', 'full']);
