import type { Duplex } from 'node:stream';
import type { MqttClient } from 'mqtt';
import { defined } from '../../../core/defined.ts';
import { withinRealTime } from '../../../core/time/clock.ts';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import type { History } from '../../../core/history/history.ts';
import {
  answerLimitMs,
  ConnectionClosed,
  parseJson,
  type DpsCall,
  type DpsConnection,
  type Opened,
  type WireAnswer,
} from '../dps-connection.ts';
import { connectMqtt, disconnectMqtt } from './mqtt-client.ts';
import { openStream } from '../open-stream.ts';
import type { Peer } from '../peer.ts';

/** Opens a connection to DPS over MQTT 3.1.1. Requests are messages with a request ID. All responses arrive at one subscribed topic. */
export async function openMqttDps(peer: Peer, call: DpsCall, history: History): Promise<Opened> {
  const socket = await openStream(peer, history);
  if (socket === undefined) return { kind: 'distrusted' };
  const connected = await connectMqtt(socket, {
    clientId: call.registrationId,
    username: `${call.idScope}/registrations/${call.registrationId}/api-version=${call.apiVersion}`,
    ...defined({ password: call.token }),
  });
  if (connected.kind === 'closed')
    return { kind: 'refused', sentence: 'the service closed the connection without a CONNACK' };
  if (connected.kind === 'refused') return { kind: 'refused', sentence: `CONNACK ${connected.returnCode}` };
  if (!(await subscribe(connected.client, socket))) {
    connected.client.end(true);
    return { kind: 'refused', sentence: 'the service ended the connection at the subscription to its responses' };
  }
  return { kind: 'open', connection: new MqttDpsConnection(connected.client, socket) };
}

/** Subscribes to the responses of DPS. Returns false if the service rejects the subscription or ends the connection. */
function subscribe(client: MqttClient, socket: Duplex): Promise<boolean> {
  const granted = client.subscribeAsync(dpsTopics.responses, { qos: 1 }).then(
    () => true,
    () => false,
  );
  const closed = new Promise<boolean>((done) => {
    if (socket.closed) done(false);
    else socket.once('close', () => done(false));
  });
  return withinRealTime(Promise.race([granted, closed]), answerLimitMs, `no answer to the subscription to DPS`);
}

class MqttDpsConnection implements DpsConnection {
  readonly #client: MqttClient;
  readonly #socket: Duplex;
  readonly #waiting = new Map<string, { done(response: Response): void; fail(error: Error): void }>();
  #requests = 0;

  constructor(client: MqttClient, socket: Duplex) {
    this.#client = client;
    this.#socket = socket;
    client.on('message', (topic, payload) => this.#receive(topic, payload));
    socket.once('close', () => {
      for (const waiting of this.#waiting.values())
        waiting.fail(new ConnectionClosed('the service closed the connection before it answered'));
    });
  }

  register(body: object): Promise<WireAnswer> {
    return this.#request((rid) => dpsTopics.register(rid), JSON.stringify(body));
  }

  poll(operationId: string): Promise<WireAnswer> {
    return this.#request((rid) => dpsTopics.operationStatus(rid, operationId), ' ');
  }

  async close(): Promise<void> {
    if (!this.#socket.closed) await disconnectMqtt(this.#client, this.#socket);
  }

  async #request(topicOf: (rid: string) => string, payload: string): Promise<WireAnswer> {
    // While this device waits before a status query, a second client with the same ID may connect. The service then closes the connection
    // of this device.
    if (this.#socket.closed)
      throw new ConnectionClosed('the service closed the connection before the device sent a request');
    const rid = String(++this.#requests);
    const answered = new Promise<Response>((done, fail) => {
      this.#waiting.set(rid, { done, fail });
    });
    // The request uses QoS 0, as in the C SDK: the response is its acknowledgement.
    this.#client.publish(topicOf(rid), payload, { qos: 0 });
    return readAnswer(await withinRealTime(answered, answerLimitMs, `no answer to ${topicOf(rid)}`));
  }

  /** Passes a message of the service to the request that waits for it. */
  #receive(topic: string, payload: Buffer): void {
    const [, status, query = ''] = /^\$dps\/registrations\/res\/(\d+)\/\?(.+)$/.exec(topic) ?? [];
    const fields = new URLSearchParams(query);
    const rid = fields.get('$rid') ?? '';
    this.#waiting.get(rid)?.done({ status: Number(status), fields, payload });
    this.#waiting.delete(rid);
  }
}

/** A message of the service, with the fields of its topic. */
interface Response {
  readonly status: number;
  readonly fields: URLSearchParams;
  readonly payload: Buffer;
}

function readAnswer({ status, fields, payload }: Response): WireAnswer {
  const retryAfter = fields.get('retry-after');
  return {
    status,
    body: parseJson(payload.toString('utf8')),
    ...(retryAfter === null ? {} : { retryAfterSeconds: Number(retryAfter) }),
  };
}
