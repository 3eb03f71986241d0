import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import type { Delivery, Receiver, Sender } from 'rhea';
import type { History } from '../../../../core/history/history.ts';
import type { Transport } from '../../../../core/history/events.ts';
import type { Credentials } from '../../../shared/credentials.ts';
import type { DeviceConnection } from '../../../hub/device-connection.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import { messageLimitBytes, messageSize } from '../../../hub/messages/hub-message.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import type { DeviceEnd } from './hub-address.ts';
import { amqpHubError } from './hub-error.ts';
import { AmqpHubLink } from './hub-link.ts';
import { readHubMessage, unreadableBody } from './hub-message.ts';
import { idText, type AmqpMessage } from '../amqp-message.ts';
import { hubErrorBody } from '../../https/hub/hub-error-body.ts';
import { parseJson } from '../../shared/parse-json.ts';

interface DeviceParts {
  readonly hub: Hub;
  readonly deviceId: string;
  readonly transport: Transport;
  readonly history: History;
  /** Ends the AMQP connection of a device. If other devices share the connection, ends only the links of this device. */
  close(device: AmqpHubDevice, reason: HubProblem): void;
}

/** One device at a hub over AMQP. Several devices may share a connection. */
export class AmqpHubDevice {
  readonly #parts: DeviceParts;
  readonly #link: AmqpHubLink;
  #connection: DeviceConnection | undefined;
  #links: readonly (Sender | Receiver)[] = [];

  constructor(parts: DeviceParts) {
    this.#parts = parts;
    this.#link = new AmqpHubLink(parts.deviceId, parts.transport, {
      note: (message) => this.#note(message, 'hub'),
      heard: (message) => this.#note(message),
      close: (reason) => parts.close(this, reason),
      overflow: () => parts.hub.connections.close(parts.deviceId, hubProblems.throttled),
    });
  }

  /** Connects the device to the hub. Returns true if the hub accepts the device. */
  connect(credentials: Credentials, modelId: string | undefined): boolean {
    this.#connection = this.#parts.hub.connect(this.#parts.deviceId, credentials, this.#link, modelId);
    this.#link.connection = this.#connection;
    return this.#connection !== undefined;
  }

  renew(credentials: Credentials): boolean {
    return this.#connection?.renew(credentials) === true;
  }

  isAlive(): boolean {
    return this.#connection?.isAlive() === true;
  }

  attach(end: DeviceEnd, link: Sender | Receiver): void {
    this.#note(`ATTACH ${link.is_receiver() ? 'to' : 'from'} ${end}`);
    this.#links = [...this.#links, link];
    if (!link.is_sender()) return;
    this.#link.attach(end, link as Sender);
    this.#connection?.listening();
  }

  /** Removes closed links. Returns true if an open link remains. */
  prune(): boolean {
    this.#link.prune();
    this.#links = this.#links.filter((link) => link.is_open());
    return this.#links.length > 0;
  }

  closeLinks(reason: HubProblem): void {
    for (const link of this.#links) if (link.is_open()) link.close(amqpHubError(reason, this.#parts.hub));
  }

  ended(): void {
    this.#connection?.disconnected();
  }

  /**
   * Handles a message of the device. If the hub refuses the message, this method rejects the delivery. If a message
   * requests a fault that ends the connection, this method sends the outcome first. SDKs wait for the outcome and then
   * for the end.
   */
  take(end: DeviceEnd, message: AmqpMessage, delivery: Delivery): void {
    if (!this.isAlive()) return;
    const problem = this.#handle(end, message);
    if (this.#connection?.hasEnded() !== false) return;
    if (problem === undefined) delivery.accept();
    else delivery.reject(amqpHubError(problem, this.#parts.hub));
    // If the message injected a fault without a delay, this call ends the connection.
    this.isAlive();
  }

  #handle(end: DeviceEnd, message: AmqpMessage): HubProblem | undefined {
    // The answer to a twin request is a message, even if the hub refuses the request. So this method handles twin
    // requests below.
    if (message.unreadable !== undefined && end !== 'twin') {
      this.#note(`SEND ${end} ${message.unreadable} → ${hubProblems.argumentInvalid.errorCode}`);
      return unreadableBody(message.unreadable);
    }
    switch (end) {
      case 'events':
        return this.#takeTelemetry(message);
      case 'twin':
        return this.#takeTwinRequest(message);
      case 'methods':
        return this.#takeMethodAnswer(message);
      case 'messages':
      case 'inputs':
        return hubProblems.methodNotAllowed;
    }
  }

  #takeTelemetry(message: AmqpMessage): HubProblem | undefined {
    const messages = (message.batch ?? [message]).map((each) => ({ ...each, read: readHubMessage(each) }));
    // The size of a batch is the sum of the sizes of its messages. The hub accepts all messages of a batch or none (c#2233).
    const size = messages.reduce((sum, { read }) => sum + messageSize(read), 0);
    if (size > messageLimitBytes) {
      this.#note(`SEND messages/events ${size} bytes → ${hubProblems.messageTooLarge.errorCode}`);
      return hubProblems.messageTooLarge;
    }
    for (const { read, unreadable } of messages) {
      const problem = unreadable === undefined ? this.#connection?.sendTelemetry(read) : unreadableBody(unreadable);
      const properties = [...read.properties].map(([name, value]) => ` {${name}=${value}}`).join('');
      const how = problem === undefined ? '' : ` → ${problem.errorCode} ${problem.name}`;
      this.#note(`SEND messages/events ${excerpt(read.body)}${properties.slice(0, 400)}${how}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** Sends the answer as a message, even if the hub refuses the request. */
  #takeTwinRequest({ annotations, body, unreadable, correlationId }: AmqpMessage): undefined {
    const [operation, resource] = [textOf(annotations['operation']), textOf(annotations['resource'])];
    this.#note(`SEND twin ${operation} ${resource} ${excerpt(body).trim()}`.trimEnd());
    const answered: TwinAnswer =
      unreadable === undefined ? this.#twinAnswer(operation, resource, body) : failedWith(unreadableBody(unreadable));
    if (answered.ok) {
      const { status, body: content, version } = answered.value;
      this.#link.answerTwin(status, correlationId, content, version);
    } else {
      const { failure } = answered;
      this.#link.answerTwin(failure.status, correlationId, hubErrorBody(failure, this.#parts.hub));
    }
  }

  #twinAnswer(operation: string, resource: string, body: Buffer): TwinAnswer {
    const request = `${operation.toUpperCase()} ${resource.toLowerCase()}`.trim();
    switch (request) {
      case 'GET':
        return this.#readTwin();
      case 'PATCH /properties/reported':
        return this.#report(body);
      case 'PUT /notifications/twin/properties/desired':
      case 'DELETE /notifications/twin/properties/desired':
        this.#link.wantsDesired = request.startsWith('PUT');
        return succeeded({ status: 200 });
      default:
        return failedWith(saying(hubProblems.argumentInvalid, 'operation and resource do not name a twin operation.'));
    }
  }

  #readTwin(): TwinAnswer {
    const outcome = this.#connection?.twin() ?? failedWith(hubProblems.deviceNotFound);
    if (!outcome.ok) return outcome;
    const { desired, reported } = outcome.value;
    return succeeded({
      status: 200,
      body: {
        desired: { ...desired.values, $version: desired.version },
        reported: { ...reported.values, $version: reported.version },
      },
    });
  }

  #report(body: Buffer): TwinAnswer {
    const patch = parseJson(body);
    if (patch === undefined) return failedWith(hubProblems.formatError);
    if (!isJsonObject(patch.value)) {
      return failedWith(saying(hubProblems.argumentInvalid, 'Reported properties must be a JSON object.'));
    }
    const outcome = this.#connection?.report(patch.value) ?? failedWith(hubProblems.deviceNotFound);
    return outcome.ok ? succeeded({ status: 204, version: outcome.value.reported.version }) : outcome;
  }

  #takeMethodAnswer({ properties, body, correlationId }: AmqpMessage): HubProblem | undefined {
    const status = Number(properties['IoThub-status'] ?? Number.NaN);
    this.#note(`SEND methods/devicebound ${status} ${excerpt(body)}`.trimEnd());
    // A device may answer a direct method without a payload.
    const answered = body.length === 0 ? { value: null } : parseJson(body);
    const isGood = answered !== undefined && Number.isInteger(status);
    const isExpected = this.#connection?.answerMethod(
      idText(correlationId) ?? '',
      isGood ? succeeded({ status, payload: answered.value }) : failedWith(hubProblems.badDeviceResponse),
    );
    return isExpected === true
      ? undefined
      : saying(hubProblems.argumentInvalid, 'correlation-id does not match a method call that awaits its response.');
  }

  #note(message: string, sender: 'device' | 'hub' = 'device'): void {
    const { deviceId, hub, history, transport } = this.#parts;
    const [from, to] = sender === 'device' ? [deviceId, hub.host] : [hub.host, deviceId];
    history.record({ kind: 'wire', door: transport, from, to, message });
  }
}

type TwinAnswer = Result<{ readonly status: number; readonly body?: unknown; readonly version?: number }, HubProblem>;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : '';
}

function excerpt(body: Buffer): string {
  return body.toString('utf8').slice(0, 200);
}
