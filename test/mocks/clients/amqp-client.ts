import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import rhea, { type AmqpError, type Connection, type EventContext, type Sender } from 'rhea';
import type { Reachable } from './reachable.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { idScope } from './open-cloud.ts';
import { pemOf, type ClientCertificate } from './raw-https.ts';

/** The answer to a request, or its rejection. */
export type Reply =
  | { readonly kind: 'answer'; readonly message: AnswerMessage }
  | { readonly kind: 'rejected'; readonly error: AmqpError };

export interface AnswerMessage {
  /** The data section in the form that rhea returns. A value section has another form. */
  readonly body: { readonly typecode: number; readonly content: Buffer };
  readonly correlation_id: unknown;
  readonly application_properties?: Readonly<Record<string, unknown>>;
}

/** The connection settings of a test. */
export interface Coming {
  readonly client?: ClientCertificate | undefined;
  /** SASL PLAIN. */
  readonly username?: string;
  readonly password?: string;
  readonly mechanisms?: Readonly<Record<string, object>>;
  /** A stream to use in place of a new TLS connection to the AMQP port. */
  readonly stream?: Duplex;
  readonly address?: string;
  /** Time limit, in milliseconds, for the server to accept the connection. Default: 5000. */
  readonly limitMs?: number;
  /** Properties of the links. Default: the properties that the SDKs send. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Connects to the AMQP port with TLS, as a device that trusts the root of the mock. */
export function dialAmqp(cloud: Reachable, client?: ClientCertificate): TLSSocket {
  const socket = tlsConnect({
    host: '127.0.0.1',
    port: cloud.ports.amqp,
    servername: globalEndpoint,
    ca: pemOf(cloud.serverRoot),
    ...client,
  });
  return socket;
}

/** A rhea client with a link in each direction, like the Node SDK. A call rejects with the AMQP error if the service refuses it. */
export class AmqpClient {
  readonly connection: Connection;
  readonly #sender: Sender;
  readonly #answers: AnswerMessage[] = [];
  #wake: () => void = () => {};

  private constructor(connection: Connection, sender: Sender) {
    this.connection = connection;
    this.#sender = sender;
    connection.on('message', ({ message }: EventContext) => {
      this.#answers.push(message as unknown as AnswerMessage);
      this.#wake();
    });
  }

  static open(cloud: Reachable, registrationId: string, coming: Coming = {}): Promise<AmqpClient> {
    const stream = coming.stream ?? dialAmqp(cloud, coming.client);
    const address = coming.address ?? `${idScope}/registrations/${registrationId}`;
    const properties = coming.properties ?? { 'com.microsoft:api-version': '2019-03-31' };
    const connection = rhea.create_container().create_connection({
      ...(coming.username === undefined ? {} : { username: coming.username, password: coming.password }),
      ...(coming.mechanisms === undefined ? {} : { sasl_mechanisms: coming.mechanisms }),
      connection_details: () => ({
        connect: (_port: number, _host: string, _options: unknown, connected: () => void) => {
          if (coming.stream === undefined) stream.once('secureConnect', connected);
          else process.nextTick(connected);
          return stream;
        },
      }),
      hostname: globalEndpoint,
      reconnect: false,
    } as never);
    return new Promise((resolve, reject) => {
      const late = AbortSignal.timeout(coming.limitMs ?? 5000);
      const fail = (error: unknown) => {
        stream.destroy();
        reject(Object.assign(new Error('refused'), { amqp: error }));
      };
      late.addEventListener('abort', () => fail('nothing in time'));
      connection.on('connection_error', ({ error }: EventContext) => fail(error));
      connection.on('error', fail);
      connection.on('protocol_error', fail);
      connection.on('disconnected', () => fail('disconnected'));
      connection.on('receiver_error', ({ receiver }: EventContext) => fail(receiver?.error));
      connection.on('sender_error', ({ sender }: EventContext) => fail(sender?.error));
      connection.on('receiver_open', () => connection.open_sender({ target: { address }, properties }));
      connection.once('sendable', ({ sender }: EventContext) => sender && resolve(new AmqpClient(connection, sender)));
      connection.connect();
      connection.open_receiver({ source: { address }, properties });
    });
  }

  /** Sends one request. Returns its rejection, or the next message on the receiving link. */
  request(
    properties: Readonly<Record<string, unknown>>,
    body: unknown = rhea.message.data_section(Buffer.from('')),
    correlationId: unknown = 'c-1',
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      AbortSignal.timeout(5000).addEventListener('abort', () => reject(new Error('no reply within 5 s')));
      this.#wake = () => {
        const message = this.#answers.shift();
        if (message !== undefined) resolve({ kind: 'answer', message });
      };
      this.#sender.once('rejected', ({ delivery }: EventContext) =>
        resolve({ kind: 'rejected', error: delivery?.remote_state?.['error'] as AmqpError }),
      );
      this.send(properties, body, correlationId);
    });
  }

  /** Sends a request without waiting for the answer. */
  send(properties: Readonly<Record<string, unknown>>, body: unknown, correlationId: unknown): void {
    this.#sender.send({ correlation_id: correlationId, application_properties: properties, body } as never);
  }

  register(body: object | string = {}, correlationId?: unknown): Promise<Reply> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const data: unknown = rhea.message.data_section(Buffer.from(text));
    const properties = { 'iotdps-operation-type': 'iotdps-register', 'iotdps-forceRegistration': false };
    return this.request(properties, data, correlationId);
  }

  poll(operationId: unknown): Promise<Reply> {
    // The Node SDK sends a poll with an empty text in a value section.
    return this.request(
      { 'iotdps-operation-type': 'iotdps-get-operationstatus', 'iotdps-operation-id': operationId },
      '',
    );
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.connection.once('connection_close', done));
    this.connection.close();
    await closed;
  }
}

/** Returns the JSON of an answer. */
export function jsonOf(reply: Reply): Record<string, unknown> {
  if (reply.kind !== 'answer') throw new Error(`expected an answer, got ${JSON.stringify(reply)}`);
  return JSON.parse(reply.message.body.content.toString('utf8')) as Record<string, unknown>;
}
