import type { Duplex } from 'node:stream';
import rhea, { type AmqpError, type Connection, type EventContext, type Sender } from 'rhea';
import { defined } from '../../../core/defined.ts';
import { withinRealTime } from '../../../core/time/clock.ts';
import { amqpWords, type RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { History } from '../../../core/history/history.ts';
import { tpmLogin } from './tpm-login.ts';
import {
  answerLimitMs,
  ConnectionClosed,
  parseJson,
  type DpsCall,
  type DpsConnection,
  type Opened,
  type WireAnswer,
} from '../dps-connection.ts';
import { openStream } from '../open-stream.ts';
import type { Peer } from '../peer.ts';
import { untilClosed } from '../until-closed.ts';

/**
 * Opens a connection to DPS over AMQP 1.0. It has one link for requests and one for responses, both at the address of the registration. The
 * login depends on the attestation, as in the Node SDK: SASL PLAIN for a symmetric key, the SASL mechanism `TPM` for a TPM, no SASL for a
 * certificate.
 */
export async function openAmqpDps(peer: Peer, call: DpsCall, history: History): Promise<Opened> {
  const stream = await openStream(peer, history);
  if (stream === undefined) return { kind: 'distrusted' };
  // A stream that has already ended emits nothing more, so rhea would wait for the service.
  if (stream.destroyed) return refusalOf(undefined);
  const connection = rhea.create_container({ id: call.registrationId }).create_connection({
    ...login(call),
    connection_details: () => ({ host: peer.host, port: peer.port, connect: connectOver(stream) }),
    host: peer.host,
    hostname: peer.host,
    port: peer.port,
    reconnect: false,
  });
  const opened = await withinRealTime(
    attach(connection, stream, call),
    answerLimitMs,
    `no AMQP links for ${call.registrationId}`,
  );
  if (opened.kind !== 'open') stream.destroy();
  return call.tpm?.distrusts === true ? { kind: 'distrusted' } : opened;
}

function login({ idScope, registrationId, token, tpm }: DpsCall): object {
  if (tpm !== undefined) {
    return { sasl_mechanisms: { [amqpWords.tpmMechanism]: tpmLogin(idScope, registrationId, tpm) } };
  }
  return token === undefined ? {} : { username: `${idScope}/registrations/${registrationId}`, password: token };
}

/**
 * Returns the function with which rhea connects over a stream that is already open. The function reports the connection only after rhea has
 * the stream.
 */
export function connectOver(stream: Duplex) {
  return (_port: number, _host: string, _options: unknown, connected: () => void): Duplex => {
    process.nextTick(connected);
    return stream;
  };
}

function attach(
  connection: Connection,
  stream: Duplex,
  { idScope, registrationId, apiVersion }: DpsCall,
): Promise<Opened> {
  const address = `${idScope}/registrations/${registrationId}`;
  const properties = { [amqpWords.apiVersion]: apiVersion };
  return new Promise((done) => {
    const refuse = (error: AmqpError | Error | undefined): void => done(refusalOf(error));
    connection.on('connection_error', ({ error }: EventContext) => refuse(error as AmqpError | undefined));
    connection.on('protocol_error', refuse);
    connection.on('error', refuse);
    connection.on('disconnected', () => refuse(undefined));
    stream.once('close', () => refuse(undefined));
    connection.on('receiver_error', ({ receiver }: EventContext) => refuse(receiver?.error));
    connection.on('sender_error', ({ sender }: EventContext) => refuse(sender?.error));
    connection.on('receiver_open', () => connection.open_sender({ target: { address }, properties }));
    connection.once('sendable', ({ sender }: EventContext) => {
      if (sender !== undefined) done({ kind: 'open', connection: new AmqpDpsConnection(connection, stream, sender) });
    });
    connection.connect();
    connection.open_receiver({ source: { address }, properties });
  });
}

function refusalOf(error: AmqpError | Error | undefined): Opened {
  const condition = error !== undefined && 'condition' in error ? error.condition : 'no word';
  const body = errorBody(error);
  const words = body.message ?? (error !== undefined && 'description' in error ? error.description : undefined);
  return {
    kind: 'refused',
    sentence: `the service ended AMQP with ${condition}${words === undefined ? '' : `: ${words}`}`,
    ...defined({ errorCode: body.errorCode }),
  };
}

/** Returns the JSON in the description of an AMQP error. */
function errorBody(error: AmqpError | Error | undefined): { readonly errorCode?: number; readonly message?: string } {
  const text = error !== undefined && 'description' in error ? error.description : undefined;
  const body = typeof text === 'string' ? parseJson(text) : undefined;
  return typeof body === 'object' && body !== null ? body : {};
}

class AmqpDpsConnection implements DpsConnection {
  readonly #connection: Connection;
  readonly #stream: Duplex;
  readonly #sender: Sender;
  readonly #waiting = new Map<string, (answer: WireAnswer) => void>();
  #requests = 0;

  constructor(connection: Connection, stream: Duplex, sender: Sender) {
    this.#connection = connection;
    this.#stream = stream;
    this.#sender = sender;
    connection.on('message', ({ message }: EventContext) => {
      const body: unknown = message?.body?.content;
      const retryAfter: unknown = message?.application_properties?.['retry-after'];
      const parsed = Buffer.isBuffer(body) ? parseJson(body.toString('utf8')) : undefined;
      this.#waiting.get(String(message?.correlation_id))?.({
        // DPS sends refusals as AMQP errors, so a message is a success. Its body says whether the operation has ended.
        status: isRunning(parsed) ? 202 : 200,
        body: parsed,
        ...(typeof retryAfter === 'number' ? { retryAfterSeconds: retryAfter } : {}),
      });
    });
  }

  register(body: RegisterBody): Promise<WireAnswer> {
    return this.#request({ [amqpWords.operationType]: amqpWords.register }, JSON.stringify(body));
  }

  poll(operationId: string): Promise<WireAnswer> {
    const properties = {
      [amqpWords.operationType]: amqpWords.operationStatus,
      [amqpWords.operationId]: operationId,
    };
    return this.#request(properties, '');
  }

  async close(): Promise<void> {
    if (this.#stream.closed) return;
    const closed = untilClosed(this.#stream, 'the AMQP connection did not close');
    this.#connection.close();
    await closed;
  }

  #request(properties: Readonly<Record<string, string>>, text: string): Promise<WireAnswer> {
    const id = String(++this.#requests);
    const answered = new Promise<WireAnswer>((done, fail) => {
      this.#waiting.set(id, done);
      this.#stream.once('close', () =>
        fail(new ConnectionClosed('the service closed the connection before it answered')),
      );
      this.#sender.once('rejected', ({ delivery }: EventContext) => done(rejection(delivery?.remote_state?.['error'])));
    });
    this.#sender.send({
      correlation_id: id,
      application_properties: properties,
      body: rhea.message.data_section(Buffer.from(text)),
    });
    return withinRealTime(answered, answerLimitMs, `no answer to ${properties[amqpWords.operationType] ?? ''}`);
  }
}

/** Converts an AMQP error into a response. Its HTTP status is in the error number, before the last three digits. */
function rejection(error: AmqpError | undefined): WireAnswer {
  const body = errorBody(error);
  const retryAfter: unknown = error?.info?.['retry-after'];
  return {
    status: body.errorCode === undefined ? 500 : Math.floor(body.errorCode / 1000),
    body,
    ...(typeof retryAfter === 'number' ? { retryAfterSeconds: retryAfter } : {}),
  };
}

function isRunning(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 'assigning';
}
