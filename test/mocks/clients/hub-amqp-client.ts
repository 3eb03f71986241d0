import type { TLSSocket } from 'node:tls';
import rhea, {
  type AmqpError,
  type Connection,
  type Delivery,
  type EventContext,
  type Receiver,
  type Sender,
} from 'rhea';
import type { Cloud } from '../../../core/cloud/cloud.ts';
import { dialAmqp } from './amqp-client.ts';
import { hubs } from './open-cloud.ts';
import type { ClientCertificate } from './raw-https.ts';

/** The connection settings of a test. */
export interface Arrival {
  readonly client?: ClientCertificate;
  readonly username?: string;
  readonly password?: string;
  /** Host name in the open frame. Default: the first hub. */
  readonly hostname?: string;
}

/** A message received over a link. */
export interface Received {
  readonly message: {
    readonly body?: { readonly content: Buffer };
    readonly message_id?: unknown;
    readonly correlation_id?: unknown;
    readonly application_properties?: Readonly<Record<string, unknown>>;
    readonly message_annotations?: Readonly<Record<string, unknown>>;
    readonly [name: string]: unknown;
  };
  readonly delivery: Delivery;
}

/** A rhea client of a hub that settles messages manually. Every wait rejects after five seconds. */
export class HubAmqpClient {
  readonly connection: Connection;
  readonly #socket: TLSSocket;
  readonly #inboxes = new Map<Receiver, Received[]>();
  #wake: () => void = () => {};
  readonly closed: Promise<AmqpError | undefined>;

  private constructor(connection: Connection, socket: TLSSocket) {
    this.connection = connection;
    this.#socket = socket;
    let said: AmqpError | undefined;
    connection.on('connection_error', ({ error }: EventContext) => {
      said = error as unknown as AmqpError;
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve(said)));
    connection.on('message', (context: EventContext) => {
      if (context.receiver === undefined) return;
      this.#inboxes.get(context.receiver)?.push(context as unknown as Received);
      this.#wake();
    });
    // rhea throws if an error event has no handler, so these handlers ignore the errors. Tests check the errors that matter.
    for (const event of ['sender_error', 'receiver_error', 'session_error', 'disconnected']) {
      connection.on(event, () => {});
    }
  }

  /** Connects to the hub. Rejects if SASL or the hub refuses the connection. */
  static open(cloud: Cloud, { client, username, password, hostname = hubs[0] }: Arrival = {}): Promise<HubAmqpClient> {
    const socket = dialAmqp(cloud, client);
    const connection = rhea.create_container().create_connection({
      ...(username === undefined ? {} : { username, password }),
      connection_details: () => ({
        connect: (_port: number, _host: string, _options: unknown, connected: () => void) => {
          socket.once('secureConnect', connected);
          return socket;
        },
      }),
      hostname,
      reconnect: false,
    } as never);
    const opened = new HubAmqpClient(connection, socket);
    const ready = new Promise<HubAmqpClient>((resolve, reject) => {
      connection.once('connection_open', () => resolve(opened));
      for (const event of ['error', 'connection_error', 'protocol_error', 'disconnected']) {
        connection.on(event, () => reject(new Error(`refused: ${event}`)));
      }
    });
    connection.connect();
    return soon(ready, 'a connection');
  }

  /** Attaches a sending link. Rejects with the error of the hub if the hub refuses the link. */
  sender(address: string, properties: Readonly<Record<string, unknown>> = {}): Promise<Sender> {
    const sender = this.connection.open_sender({ target: { address }, properties });
    const attached = new Promise<Sender>((resolve, reject) => {
      sender.once('sendable', () => resolve(sender));
      sender.once('sender_close', () => reject(Object.assign(new Error('refused'), { amqp: sender.error })));
    });
    return soon(attached, `a link to ${address}`);
  }

  /** Attaches a receiving link with the given credit. */
  receiver(address: string, credit = 100): Promise<Receiver> {
    const receiver = this.connection.open_receiver({ source: { address }, autoaccept: false, credit_window: 0 });
    this.#inboxes.set(receiver, []);
    receiver.add_credit(credit);
    const attached = new Promise<Receiver>((resolve, reject) => {
      // A hub that refuses a link attaches the link first and detaches it immediately afterwards. So the client waits 20 ms for this
      // detach.
      receiver.once('receiver_open', () => setTimeout(() => resolve(receiver), 20));
      receiver.once('receiver_close', () => reject(Object.assign(new Error('refused'), { amqp: receiver.error })));
    });
    return soon(attached, `a link from ${address}`);
  }

  /** Sends a message. Returns `accepted`, or the error of a rejection. */
  send(sender: Sender, message: object, format?: number): Promise<'accepted' | AmqpError> {
    const delivery = sender.send(message as never, undefined, format);
    const settled = new Promise<'accepted' | AmqpError>((resolve) => {
      const hear = (context: EventContext): void => {
        if (context.delivery !== delivery) return;
        sender.off('accepted', hear);
        sender.off('rejected', hear);
        const error = delivery.remote_state?.['error'] as AmqpError | null | undefined;
        resolve(error === undefined || error === null ? 'accepted' : error);
      };
      sender.on('accepted', hear);
      sender.on('rejected', hear);
    });
    return soon(settled, 'an outcome');
  }

  /** Returns the next message on a link. */
  next(receiver: Receiver): Promise<Received> {
    const came = new Promise<Received>((resolve) => {
      const look = (): void => {
        const first = this.#inboxes.get(receiver)?.shift();
        this.#wake = first === undefined ? look : () => {};
        if (first !== undefined) resolve(first);
      };
      look();
    });
    return soon(came, 'a message');
  }

  /** Returns the number of received messages that no test has read yet. */
  waiting(receiver: Receiver): number {
    return this.#inboxes.get(receiver)?.length ?? 0;
  }

  /** Puts a token over `$cbs` and returns the status of the answer. */
  async putToken(name: string, token: unknown, properties: object = {}): Promise<unknown> {
    const answers = await this.receiver('$cbs');
    const requests = await this.sender('$cbs');
    requests.send({
      message_id: 'put-1',
      application_properties: { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name, ...properties },
      body: token,
    });
    const { message, delivery } = await this.next(answers);
    delivery.accept();
    if (message.correlation_id !== 'put-1') throw new Error('the answer has the correlation ID of another request');
    return message.application_properties?.['status-code'];
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Returns the error with which the hub closed a link. */
export async function refusal(
  attempt: Promise<unknown>,
): Promise<{ readonly condition: string; readonly said: unknown }> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const amqp = (error as { readonly amqp?: AmqpError } | undefined)?.amqp;
  if (amqp === undefined) throw new Error(`the hub should have refused this: ${String(error)}`);
  return { condition: amqp.condition ?? '', said: JSON.parse(amqp.description ?? 'null') };
}

export function data(text: string | Buffer): unknown {
  return rhea.message.data_section(Buffer.from(text));
}

function soon<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const late = new Promise<never>((_, reject) => {
    AbortSignal.timeout(5000).addEventListener('abort', () => reject(new Error(`${what} did not come within 5 s`)));
  });
  return Promise.race([promise, late]);
}
