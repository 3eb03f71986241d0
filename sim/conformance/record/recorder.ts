import { createHash, X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type {
  ConnectionTap,
  TappedConnection,
  TappedDpsAnswer,
  TappedDpsRequest,
  WireTap,
} from '../../../core/cloud/wire-tap.ts';
import {
  textLimit,
  type ChainLink,
  type DpsRequest,
  type WireEvent,
  type WireEventData,
} from '../../../core/conformance/wire-event.ts';
import { defined } from '../../../core/defined.ts';
import type { ClientHello } from '../../../core/wire/tls/client-hello.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import type { Script, ScriptAnswer } from '../script.ts';
import { csrFacts } from './csr-facts.ts';
import { exchangeHttp } from './http-exchange.ts';
import { MqttRelay } from './mqtt-relay.ts';
import type { RecordSink } from './record-sink.ts';
import { tokenFacts } from './token-facts.ts';

export interface RecorderSettings {
  /** Milliseconds since the start of the lab. */
  readonly now: () => number;
  readonly script: Script;
  /** The raw symmetric keys of the device. Empty if the device has no symmetric key. */
  readonly keys: readonly Uint8Array[];
  /** Texts that must not be in the record, such as keys. */
  readonly secrets: readonly string[];
}

/** Records what a client sends to a lab, and applies the script of the world to the answers. */
export class Recorder implements WireTap, RecordSink {
  readonly #settings: RecorderSettings;
  readonly #events: WireEvent[] = [];
  readonly #watchers = new Set<(event: WireEvent) => void>();
  readonly #relays = new Set<MqttRelay>();
  #connections = 0;

  constructor(settings: RecorderSettings) {
    this.#settings = settings;
  }

  get events(): readonly WireEvent[] {
    return this.#events;
  }

  get script(): Script {
    return this.#settings.script;
  }

  get keys(): readonly Uint8Array[] {
    return this.#settings.keys;
  }

  /** Calls `see` with every later event. */
  watch(see: (event: WireEvent) => void): void {
    this.#watchers.add(see);
  }

  note(data: WireEventData): void {
    if (this.#events.length >= eventLimit) return;
    const event: WireEvent = { at: this.#settings.now(), ...data };
    this.#events.push(event);
    for (const see of this.#watchers) see(event);
  }

  /** The open MQTT connections, oldest first. */
  get relays(): readonly MqttRelay[] {
    return [...this.#relays];
  }

  opened({ transport, serverName, version, suite, certificates }: TappedConnection): ConnectionTap {
    const connection = ++this.#connections;
    const chain = certificates.map(chainLink);
    this.note({ kind: 'opened', connection, transport, version, suite, chain, ...defined({ serverName }) });
    return {
      stream: (inner, stream) => {
        if (inner !== 'mqtt' && inner !== 'mqtt-ws') return this.#noteFirstBytes(connection, stream);
        const relay = new MqttRelay(this, connection, inner, stream);
        this.#relays.add(relay);
        stream.once('close', () => this.#relays.delete(relay));
        return relay.service;
      },
      exchange: (request, answer) => exchangeHttp(this, connection, request, answer),
      closed: () => this.note({ kind: 'closed', connection }),
    };
  }

  /** Records that the first bytes of a stream arrived. Leaves the bytes in the stream, because the listener reads them. */
  #noteFirstBytes(connection: number, stream: Duplex): Duplex {
    const push = stream.push.bind(stream);
    stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk !== null) {
        this.note({ kind: 'bytes', connection });
        stream.push = push;
      }
      return push(chunk, encoding);
    };
    return stream;
  }

  helloRead({ serverName, versions, hasVersionList, cipherSuites }: ClientHello): void {
    this.note({ kind: 'hello', versions, hasVersionList, suites: cipherSuites, ...defined({ serverName }) });
  }

  handshakeFailed(reason: string): void {
    this.note({ kind: 'handshake-failed', reason: reason.slice(0, 200) });
  }

  overAmqp(request: TappedDpsRequest, answer: TappedDpsAnswer): TappedDpsAnswer {
    const { operation, registrationId, apiVersion, operationId, token, body } = request;
    const given = this.dps(
      0,
      {
        operation,
        transport: 'amqp',
        registrationId,
        apiVersion,
        bytes: body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body)),
        hasToken: token !== undefined,
        ...defined({ operationId, body, token: tokenFacts(token, this.keys) }),
      },
      answer,
    );
    if (given === 'drop') return answer;
    const { status, retryAfterSeconds, body: rewritten } = given;
    return { status, body: rewritten ?? answer.body, ...defined({ retryAfterSeconds }) };
  }

  /** Records a request of the device API. Then lets the script change the answer of the service, and records the changed answer. */
  dps(connection: number, request: DpsRequest, answer: ScriptAnswer): ScriptAnswer | 'drop' {
    this.dpsRequest(connection, request);
    return this.dpsAnswer(connection, request, answer);
  }

  dpsRequest(connection: number, request: DpsRequest): void {
    const at = this.#events.length;
    const csr = csrFacts(request.body, (facts) => {
      const event = this.#events[at];
      if (event?.kind === 'dps-request') this.#events[at] = { ...event, csr: facts };
    });
    this.note({ kind: 'dps-request', connection, ...request, ...defined({ csr }) });
  }

  dpsAnswer(connection: number, request: DpsRequest, answer: ScriptAnswer): ScriptAnswer | 'drop' {
    const given = this.script.dps?.(request, answer) ?? answer;
    const { operation, rid } = request;
    const told = given === 'drop' ? { status: 0 } : given;
    this.note({
      kind: 'dps-answer',
      connection,
      operation,
      status: told.status,
      ...defined({
        rid,
        retryAfterSeconds: 'retryAfterSeconds' in told ? told.retryAfterSeconds : undefined,
        body: 'raw' in told || !('body' in told) ? undefined : withoutKeys(told.body),
      }),
    });
    return given;
  }

  text(bytes: Buffer | string): string {
    const text = bytes.toString().slice(0, textLimit);
    return this.#settings.secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text);
  }
}

/** Limit of the recorded events, so that no client can fill the memory. */
const eventLimit = 50_000;

function withoutKeys(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('authenticationKey' in body)) return body;
  return { ...body, authenticationKey: '…' };
}

function chainLink(der: Buffer): ChainLink {
  const read = parseCertificate(der);
  const thumbprint = createHash('sha256').update(der).digest('hex');
  if (!read.ok) {
    return { subject: 'unreadable', commonName: '', thumbprint, key: '', notBefore: 0, notAfter: 0 };
  }
  const { subject, commonName = '', notBefore, notAfter } = read.value;
  const key = createHash('sha256')
    .update(new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return { subject, commonName, thumbprint, key, notBefore, notAfter };
}
