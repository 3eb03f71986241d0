import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { connect, type MqttClient } from 'mqtt';
import type { Ready } from '../../../cli/serve/ready.ts';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { sas } from './lab-process.ts';

/** A lab without delays and quotas, with one symmetric-key group. */
export const fleetLab = `
cloud:
  assignment: PT0S
  quotas: { registrationsPerMinute: 1000000, operationsPerMinute: 1000000, pollsPer10s: 1000000 }
  enrollmentGroups: { devices: { symmetricKey: true } }
`;

/** Devices of one symmetric-key group that register at a lab over MQTT with mqtt.js. */
export class MqttFleet {
  readonly #ready: Ready;
  readonly #groupKey: Buffer;
  /** All devices share one TLS context, because otherwise each device would read the same root certificate. */
  readonly #tls: { readonly secureContext: SecureContext };

  constructor(ready: Ready, groupKey: Buffer) {
    this.#ready = ready;
    this.#groupKey = groupKey;
    this.#tls = { secureContext: createSecureContext({ ca: readFileSync(ready.ca) }) };
  }

  /** Registers these devices at the same time, each on its own connection. Returns the number of devices by outcome. */
  async registerAtOnce(names: readonly string[]): Promise<Readonly<Record<string, number>>> {
    const outcomes = await Promise.all(names.map((name) => this.register(name)));
    const counts: Record<string, number> = {};
    for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return counts;
  }

  /**
   * Registers a device, polls, sends DISCONNECT and waits until the connection is closed. Returns the status of the registration. If the
   * connection has an error, even after the DISCONNECT, returns the code of its first error and the stage, such as `ECONNRESET while
   * leaving`.
   */
  async register(name: string): Promise<string> {
    const client = this.#connect(name);
    let stage = 'connecting';
    client.once('connect', () => {
      stage = 'registering';
    });
    const ended = new Promise<string>((end) => {
      client.on('error', (error) => end(`${'code' in error ? String(error.code) : error.message} while ${stage}`));
      client.on('close', () => end('closed'));
    });
    const status = await Promise.race([ended, converse(client, name).catch((error: unknown) => String(error))]);
    if (status !== 'assigned') {
      client.end(true);
      return status;
    }
    stage = 'leaving';
    client.end();
    const end = await ended;
    return end === 'closed' ? status : end;
  }

  #connect(name: string): MqttClient {
    const { idScope, hosts, ports } = this.#ready;
    const key = deriveDeviceKey(this.#groupKey, name);
    return connect(`mqtts://127.0.0.1:${ports.mqtt}`, {
      ...this.#tls,
      servername: hosts.device,
      clientId: name,
      username: `${idScope}/registrations/${name}/api-version=2021-06-01`,
      password: sas(`${idScope}%2Fregistrations%2F${name}`, 'registration', key, 3600),
      protocolVersion: 4,
      reconnectPeriod: 0,
      connectTimeout: 60_000,
      log: () => {},
    });
  }
}

async function converse(client: MqttClient, registrationId: string): Promise<string> {
  await client.subscribeAsync('$dps/registrations/res/#', { qos: 1 });
  const ask = async (topic: string): Promise<Readonly<Record<string, unknown>>> => {
    const answer = new Promise<Buffer>((done) => client.once('message', (_topic, payload) => done(payload)));
    client.publish(topic, JSON.stringify({ registrationId }), { qos: 1 });
    return JSON.parse(String(await answer)) as Readonly<Record<string, unknown>>;
  };
  let state = await ask('$dps/registrations/PUT/iotdps-register/?$rid=1');
  while (state['status'] === 'assigning') {
    const id = String(state['operationId']);
    state = await ask(`$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=${id}`);
  }
  return typeof state['status'] === 'string' ? state['status'] : JSON.stringify(state);
}
