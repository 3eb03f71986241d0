import type { Client } from 'aedes';
import type { SeenPacket } from './aedes-client.ts';

/** The permissions and answers of one connection. The form of its user name selects the session. */
export interface MqttSession {
  /** Names the connection at the broker, because DPS and hub devices may have the same client ID. */
  readonly clientId: string;
  /** Returns the CONNACK return code (MQTT 3.1.1 table 3.1), or `close` to close without a CONNACK. */
  connect(): 0 | 3 | 5 | 'close';
  maySubscribe(topic: string): boolean;
  /** Handles a broken rule of MQTT. Returns true if the connection ends. */
  breaks(rule: string): boolean;
  /** Called with every packet of the client before aedes reads it. */
  sees?(packet: SeenPacket): void;
  /** Returns true if a message is accepted. A rejected message ends the connection. */
  takes(topic: string, payload: Buffer, isRetained: boolean): boolean;
  /** Answers an accepted message, after its acknowledgement. */
  answer(topic: string, payload: Buffer, client: Client): Promise<void>;
  /** Called after the CONNACK, with the subscriptions of an earlier session restored. */
  ready?(): void;
  /** Called after the SUBACK. */
  subscribed?(topics: readonly string[]): void;
  /** Called when a newer connection with the same client ID is about to end this one. */
  takenOver?(): void;
  /** Called when the connection has ended, for any reason. */
  ended?(): void;
}
