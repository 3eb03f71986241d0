import { DecisionTrace } from '../../core/decision.ts';
import type { Door, History } from '../../core/history.ts';
import type { Credentials } from '../dps/credentials.ts';
import type { Hub } from '../hub/hub.ts';
import type { MqttSession } from './mqtt.ts';
import type { UserName } from './mqtt-user-name.ts';

/** One device at a hub. Unlike DPS, the hub judges the credential before it answers the CONNECT. */
export class HubSession implements MqttSession {
  readonly clientId: string;
  readonly #user: UserName & { kind: 'hub' };
  readonly #givenClientId: string;
  readonly #credentials: Credentials;
  readonly #hub: Hub | undefined;
  readonly #history: History;
  readonly #door: Door;

  constructor(
    user: UserName & { kind: 'hub' },
    givenClientId: string,
    credentials: Credentials,
    hub: Hub | undefined,
    history: History,
    door: Door,
  ) {
    this.clientId = `hub/${user.host}/${givenClientId}`;
    this.#user = user;
    this.#givenClientId = givenClientId;
    this.#credentials = credentials;
    this.#hub = hub;
    this.#history = history;
    this.#door = door;
  }

  connect(): 0 | 5 {
    const code = this.#admits() ? 0 : 5;
    this.#note(`CONNECT ${this.#user.host}/${this.#user.deviceId} → CONNACK ${code}`);
    return code;
  }

  #admits(): boolean {
    const { host, deviceId } = this.#user;
    const trace = new DecisionTrace('hub', deviceId, `connection to ${host}`);
    const known = trace.check('hub-known', this.#hub !== undefined, 'a linked hub', this.#hub?.host ?? host);
    if (known && trace.check('client-id-matches', this.#givenClientId === deviceId, deviceId, this.#givenClientId)) {
      return this.#hub?.admits(deviceId, this.#credentials) ?? false;
    }
    this.#history.record({ kind: 'decision', ...trace.decision() });
    return false;
  }

  maySubscribe(topic: string): boolean {
    const { deviceId } = this.#user;
    return (
      topic === `devices/${deviceId}/messages/devicebound/#` ||
      topic === '$iothub/twin/res/#' ||
      topic === '$iothub/twin/PATCH/properties/desired/#' ||
      topic === '$iothub/methods/POST/#'
    );
  }

  takes(topic: string, payload: Buffer): boolean {
    const prefix = `devices/${this.#user.deviceId}/messages/events`;
    if (topic !== prefix && !topic.startsWith(`${prefix}/`)) return false;
    if (payload.length > messageLimit) return false;
    this.#note(`PUBLISH ${topic} ${payload.toString('utf8').slice(0, 200)}`);
    return true;
  }

  /** Telemetry is answered by its acknowledgement alone. */
  async answer(): Promise<void> {}

  #note(message: string): void {
    this.#history.record({ kind: 'wire', door: this.#door, from: this.#user.deviceId, to: this.#user.host, message });
  }
}

const messageLimit = 256 * 1024;
