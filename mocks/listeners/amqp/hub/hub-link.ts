import rhea, { type Sender } from 'rhea';
import { defined } from '../../../../core/defined.ts';
import type { DeviceConnection } from '../../../hub/device-connection.ts';
import type { DeviceLink, Interest } from '../../../hub/device-link.ts';
import type { HubProblem } from '../../../hub/hub-problems.ts';
import type { DeviceEnd } from './hub-address.ts';
import { writeHubMessage } from './hub-message.ts';
import { AmqpOutlet } from '../amqp-outlet.ts';
import type { MessageId } from '../amqp-message.ts';

/** The connection to one device over AMQP, with a link for each subscription. */
export class AmqpHubLink implements DeviceLink {
  readonly transport: DeviceLink['transport'];
  readonly answersFirst = true;
  readonly #deviceId: string;
  readonly #parts: Parts;
  readonly #outlets = new Map<DeviceEnd, AmqpOutlet>();
  /** True if the device subscribed to changes of its desired properties. */
  wantsDesired = false;
  /** The connection of the device; set when the hub has accepted the device. */
  connection: DeviceConnection | undefined;

  constructor(deviceId: string, transport: DeviceLink['transport'], parts: Parts) {
    this.transport = transport;
    this.#deviceId = deviceId;
    this.#parts = parts;
  }

  listens(to: Interest): boolean {
    if (to === 'credentials') return false;
    if (to === 'desired') return this.wantsDesired && this.#outlets.get('twin')?.isOpen() === true;
    return this.#outlets.get(to)?.hasRoom() === true;
  }

  deliver(message: Parameters<DeviceLink['deliver']>[0]): void {
    const { lockToken, body } = message;
    this.#parts.note(`SEND messages/devicebound ${excerpt(body)}`);
    // The delivery tag is the lock token, because the C# SDK reads the tag as a GUID.
    const tag = rhea.string_to_uuid(lockToken);
    this.#outlets.get('messages')?.send(writeHubMessage(message, this.#deviceId), tag, (settlement) => {
      // Ignores a settlement after the end of the connection, because the message is already back in the queue.
      if (this.connection?.settle(lockToken, settlement) !== true) return;
      this.#parts.heard(`SETTLE messages/devicebound ${settlement}`);
      if (settlement === 'abandon') this.connection.listening();
    });
  }

  desired(patch: Readonly<Record<string, unknown>>, version: number): void {
    const text = JSON.stringify({ ...patch, $version: version });
    this.#parts.note(`SEND twin desired ${excerpt(text)}`);
    // A notification has no correlation ID, so the SDKs can distinguish it from the answer to a twin request.
    this.#outlets.get('twin')?.post({
      message_annotations: { resource: '/notifications/twin/properties/desired' },
      body: section(text),
    });
  }

  invoke({ methodName, requestId, payload }: Parameters<DeviceLink['invoke']>[0]): void {
    const text = JSON.stringify(payload ?? null);
    this.#parts.note(`SEND methods/devicebound ${methodName} ${excerpt(text)}`);
    this.#outlets.get('methods')?.post({
      correlation_id: rhea.types.wrap_uuid(rhea.string_to_uuid(requestId)),
      application_properties: { 'IoThub-methodname': methodName },
      body: section(text),
    });
  }

  /** Answers a twin request of the device, if the device has attached a link for answers. */
  answerTwin(status: number, correlationId: MessageId | undefined, body: unknown, version?: number): void {
    const text = body === undefined ? undefined : JSON.stringify(body);
    this.#parts.note(`SEND twin ${status} ${excerpt(text ?? '')}`.trimEnd());
    this.#outlets.get('twin')?.post({
      ...defined({ correlation_id: correlationId }),
      message_annotations: {
        status: rhea.types.wrap_int(status),
        ...(version === undefined ? {} : { version: rhea.types.wrap_long(version) }),
      },
      body: section(text ?? ''),
    });
  }

  close(reason: HubProblem): void {
    this.#parts.close(reason);
  }

  /** Uses `link` to send to the device. The link replaces an older link for the same endpoint. */
  attach(end: DeviceEnd, link: Sender): void {
    this.#outlets.get(end)?.close();
    this.#outlets.set(
      end,
      new AmqpOutlet(link, {
        onRoom: () => this.connection?.listening(),
        onOverflow: () => this.#parts.overflow(),
      }),
    );
  }

  /** Forgets closed links. */
  prune(): void {
    for (const [end, outlet] of this.#outlets) {
      if (outlet.isOpen()) continue;
      this.#outlets.delete(end);
      if (end === 'twin') this.wantsDesired = false;
      outlet.close();
    }
  }
}

interface Parts {
  /** Records in the history that the hub sent a message to the device. */
  note(message: string): void;
  /** Records in the history that the device sent something. */
  heard(message: string): void;
  /** Ends the connection of the device, because the hub decided to end it. */
  close(reason: HubProblem): void;
  /** Handles a device that does not read the messages to which it subscribed. */
  overflow(): void;
}

/** Returns a data section, because the SDKs do not read value sections. */
function section(text: string): unknown {
  return rhea.message.data_section(Buffer.from(text));
}

function excerpt(body: Buffer | string): string {
  return body.toString('utf8').slice(0, 200);
}
