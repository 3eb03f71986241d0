import rhea, { type Delivery, type Sender } from 'rhea';
import type { History } from '../../../../core/history/history.ts';
import type { Transport } from '../../../../core/history/events.ts';
import type { FileNotification } from '../../../hub/file-upload/file-uploads.ts';
import type { FeedbackRecord } from '../../../hub/service-side/feedback-record.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { parseDevicebound, type ServiceEnd } from './hub-address.ts';
import { amqpHubError } from './hub-error.ts';
import { readHubMessage, unreadableBody } from './hub-message.ts';
import type { AmqpMessage } from '../amqp-message.ts';
import type { AmqpOutgoing } from '../amqp-outlet.ts';
import { ServiceOutlets } from './service-outlets.ts';

interface ServiceParts {
  readonly hub: Hub;
  readonly transport: Transport;
  readonly history: History;
  /** Handles a client that does not read the messages to which it subscribed. */
  overflow(): void;
}

/** The service side of a hub over AMQP: messages to devices, feedback about them, and notifications of uploaded files. */
export class AmqpHubService {
  readonly #parts: ServiceParts;
  readonly #feedback: ServiceOutlets<FeedbackRecord>;
  readonly #files: ServiceOutlets<FileNotification>;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    const { hub } = parts;
    const overflow = (): void => parts.overflow();
    this.#feedback = new ServiceOutlets({
      queue: hub.feedback,
      write: ({ records }) => this.#written('feedback', records),
      prepare: () => hub.tidyQueues(),
      overflow,
    });
    this.#files = new ServiceOutlets({
      queue: hub.files.notifications,
      write: ({ records }) => this.#written('filenotification', records[0]),
      prepare: () => {},
      overflow,
    });
  }

  /** Sends the messages of an endpoint over a link that the client attached. */
  listen(end: ServiceEnd, link: Sender): void {
    this.#note(`ATTACH from ${end}`);
    if (end === 'feedback') this.#feedback.attach(link);
    if (end === 'files') this.#files.attach(link);
  }

  /** Handles a message that the service side sends to a device. */
  take(message: AmqpMessage, delivery: Delivery): void {
    const written = parseDevicebound(message.system['to']);
    const deviceId = written === undefined ? undefined : this.#parts.hub.nameOf(written);
    const problem = deviceId === undefined ? noDevice : this.#send(deviceId, message);
    const how = problem === undefined ? 'accepted' : `${problem.errorCode} ${problem.name}`;
    this.#note(`SEND ${deviceId ?? 'to no device'} ${message.body.toString('utf8').slice(0, 200)} → ${how}`);
    if (problem === undefined) delivery.accept();
    else delivery.reject(amqpHubError(problem, this.#parts.hub));
  }

  /** Forgets closed links. */
  prune(): void {
    this.#feedback.prune();
    this.#files.prune();
  }

  ended(): void {
    this.#feedback.ended();
    this.#files.ended();
  }

  #send(deviceId: string, message: AmqpMessage): HubProblem | undefined {
    if (message.unreadable !== undefined) return unreadableBody(message.unreadable);
    const read = readHubMessage(message);
    if (read.ack !== undefined && !acks.has(read.ack)) {
      return saying(hubProblems.argumentInvalid, 'iothub-ack must be none, positive, negative or full.');
    }
    return this.#parts.hub.send(deviceId, read);
  }

  /** Returns a message with the content type that the C# SDK checks. */
  #written(kind: 'feedback' | 'filenotification', content: unknown): AmqpOutgoing {
    const { hub } = this.#parts;
    const text = JSON.stringify(content);
    this.#note(`SEND ${kind} ${text.slice(0, 400)}`, 'hub');
    return {
      user_id: Buffer.from(hub.host.split('.', 1)[0] ?? ''),
      content_type: `application/vnd.microsoft.iothub.${kind}.json`,
      message_annotations: { 'iothub-enqueuedtime': rhea.types.wrap_timestamp(hub.now()) },
      body: rhea.message.data_section(Buffer.from(text)),
    };
  }

  #note(message: string, sender: 'service' | 'hub' = 'service'): void {
    const { hub, history, transport } = this.#parts;
    const [from, to] = sender === 'service' ? ['service', hub.host] : [hub.host, 'service'];
    history.record({ kind: 'wire', door: transport, from, to, message });
  }
}

const noDevice = saying(hubProblems.argumentInvalid, '"to" must be the address of a device.');
const acks: ReadonlySet<string> = new Set(['none', 'positive', 'negative', 'full']);
