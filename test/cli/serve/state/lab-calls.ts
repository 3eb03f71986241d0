import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect } from 'mqtt';
import type { Ready } from '../../../../cli/serve/ready.ts';
import { sas } from '../lab-process.ts';

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends requests to one lab. Each call rejects if the connection ends before the answer is complete. */
export class LabCalls {
  readonly #ready: Ready;
  readonly #agent: Agent;
  readonly #ca: Buffer;

  /**
   * @param keepAlive false for a new connection for each call. Default: true.
   * @param maxSockets connections at the same time. Default: any number.
   */
  constructor(ready: Ready, keepAlive = true, maxSockets = Infinity) {
    this.#ready = ready;
    this.#ca = readFileSync(ready.ca);
    this.#agent = new Agent({ keepAlive, maxSockets, ca: this.#ca });
  }

  /** Calls the service API of DPS with the key of its owner policy. */
  service(method: string, path: string, body?: object): Promise<Reply> {
    return this.#owned(this.#ready.serviceConnectionString, method, `${path}?api-version=2021-10-01`, body);
  }

  /** Calls the API of the first hub with the key of its owner policy. */
  hub(method: string, path: string, body?: object): Promise<Reply> {
    const [connectionString = ''] = Object.values(this.#ready.hubConnectionStrings);
    return this.#owned(connectionString, method, `${path}?api-version=2021-04-12`, body);
  }

  /** Registers a device over HTTPS with a group key and polls until it is assigned. Returns the last answer. */
  async registerByHttps(registrationId: string, groupKey: Buffer): Promise<Reply> {
    let reply = await this.beginByHttps(registrationId, groupKey);
    while (reply.body['status'] === 'assigning') {
      reply = await this.pollByHttps(registrationId, groupKey, reply.body['operationId']);
    }
    return reply;
  }

  /** Sends a register request over HTTPS. */
  beginByHttps(registrationId: string, groupKey: Buffer): Promise<Reply> {
    return this.#ofDevice(registrationId, groupKey, 'PUT', 'register', { registrationId });
  }

  /** Polls an operation over HTTPS. */
  pollByHttps(registrationId: string, groupKey: Buffer, operationId: unknown): Promise<Reply> {
    return this.#ofDevice(registrationId, groupKey, 'GET', `operations/${String(operationId)}`);
  }

  /** Registers a device over MQTT on a new connection. Returns the status of the registration. */
  async registerByMqtt(registrationId: string, groupKey: Buffer): Promise<unknown> {
    const { idScope, hosts, ports } = this.#ready;
    const client = connect(`mqtts://127.0.0.1:${ports.mqtt}`, {
      ca: this.#ca,
      servername: hosts.device,
      clientId: registrationId,
      username: `${idScope}/registrations/${registrationId}/api-version=2019-03-31`,
      password: this.#deviceToken(registrationId, groupKey),
      reconnectPeriod: 0,
    });
    const closed = new Promise<never>((_, fail) => {
      client.on('error', fail);
      client.on('close', () => fail(new Error('the connection ended')));
    });
    closed.catch(() => {});
    const race = <T>(work: Promise<T>): Promise<T> => Promise.race([work, closed]);
    try {
      await race(client.subscribeAsync('$dps/registrations/res/#'));
      const ask = async (topic: string): Promise<Readonly<Record<string, unknown>>> => {
        const answer = new Promise<Buffer>((done) => client.once('message', (_topic, payload) => done(payload)));
        await race(client.publishAsync(topic, JSON.stringify({ registrationId })));
        return JSON.parse(String(await race(answer))) as Readonly<Record<string, unknown>>;
      };
      let state = await ask('$dps/registrations/PUT/iotdps-register/?$rid=1');
      while (state['status'] === 'assigning') {
        const id = String(state['operationId']);
        state = await ask(`$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=${id}`);
      }
      return state['status'];
    } finally {
      client.end(true);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #deviceToken(registrationId: string, groupKey: Buffer): string {
    const key = createHmac('sha256', groupKey).update(registrationId).digest();
    return sas(`${this.#ready.idScope}%2Fregistrations%2F${registrationId}`, 'registration', key, 3600);
  }

  #ofDevice(registrationId: string, groupKey: Buffer, method: string, rest: string, body?: object): Promise<Reply> {
    const { idScope, hosts } = this.#ready;
    const path = `/${idScope}/registrations/${registrationId}/${rest}?api-version=2021-06-01`;
    return this.#call(hosts.device, method, path, this.#deviceToken(registrationId, groupKey), body);
  }

  #owned(connectionString: string, method: string, path: string, body?: object): Promise<Reply> {
    const [, host = '', policy = '', key = ''] =
      /^HostName=(.*);SharedAccessKeyName=(.*);SharedAccessKey=(.*)$/.exec(connectionString) ?? [];
    return this.#call(host, method, `/${path}`, sas(host, policy, Buffer.from(key, 'base64'), 3600), body);
  }

  #call(host: string, method: string, path: string, authorization: string, body?: object): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((done, fail) => {
      const sent = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: this.#ready.ports.https,
          servername: host,
          method,
          path,
          headers: {
            Host: host,
            Authorization: authorization,
            ...(text === undefined
              ? {}
              : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
          },
        },
        (response) => {
          let said = '';
          response.setEncoding('utf8').on('data', (part: string) => (said += part));
          response.on('error', fail);
          response.on('end', () => {
            if (response.complete)
              done({ status: response.statusCode ?? 0, body: said === '' ? {} : JSON.parse(said) });
            else fail(new Error('the connection ended within an answer'));
          });
        },
      );
      sent.on('error', fail);
      sent.end(text);
    });
  }
}
