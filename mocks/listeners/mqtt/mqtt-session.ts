import type { Client } from 'aedes';
import type { SeenPacket } from './aedes-client.ts';

/** What one connection may do; chosen by the form of its user name. */
export interface MqttSession {
  /** Names the connection among all of the broker: DPS and hub devices share client IDs. */
  readonly clientId: string;
  /** CONNACK return code, MQTT 3.1.1 table 3.1; `close` for none at all. */
  connect(): 0 | 3 | 5 | 'close';
  maySubscribe(topic: string): boolean;
  /** The client has broken a rule of MQTT. Returns whether the connection ends for it. */
  breaks(rule: string): boolean;
  /** Sees every packet of the client before anything is made of it. */
  sees?(packet: SeenPacket): void;
  /** Whether a message is taken. One that is not ends the connection. */
  takes(topic: string, payload: Buffer, isRetained: boolean): boolean;
  /** Answers a message that was taken, once it has been acknowledged. */
  answer(topic: string, payload: Buffer, client: Client): Promise<void>;
  /** The CONNACK is out, with what an earlier session had subscribed to. */
  ready?(): void;
  /** The SUBACK is out. */
  subscribed?(topics: readonly string[]): void;
  /** A newer connection has the same client ID: this one is about to be ended. */
  takenOver?(): void;
  /** The connection has ended, one way or another. */
  ended?(): void;
}
