import type { SeenPacket } from './aedes-client.ts';

/**
 * One MQTT connection: it decides what the client may do, and answers its messages. The form of the user name selects the kind
 * of session.
 */
export interface MqttSession {
  /**
   * Identifies the connection at the broker. It differs from the client ID, because DPS and hub devices may have the same
   * client ID.
   */
  readonly clientId: string;
  /** Returns the CONNACK return code (MQTT 3.1.1 table 3.1), or `close` to close without a CONNACK. */
  connect(): 0 | 3 | 5 | 'close';
  maySubscribe(topic: string): boolean;
  /** Handles a packet that breaks a rule of MQTT. Returns true if the connection ends. */
  breaks(rule: string): boolean;
  /** Receives each packet of the client before aedes reads it. */
  sees?(packet: SeenPacket): void;
  /** Returns true if the session accepts a message. If it does not, the connection ends. */
  takes(topic: string, payload: Buffer, isRetained: boolean): boolean;
  /** Returns work that must end before the next message is acknowledged; undefined if no work is in progress. */
  underWay?(): Promise<void> | undefined;
  /**
   * Serves an accepted message, after its acknowledgement. Returns the answer; undefined if the message needs no
   * answer, or if the session has sent the answer itself.
   */
  answer(topic: string, payload: Buffer): Promise<MqttAnswer | undefined>;
  /** Continues after the CONNACK, when the broker has restored the subscriptions of an earlier session. */
  ready?(): void;
  /** Continues after the SUBACK for these topic filters. */
  subscribed?(topics: readonly string[]): void;
  /** Records that a newer connection with the same client ID is about to end this connection. */
  takenOver?(): void;
  /** Records that the client did not get the answer to its message, because it has no subscription to the filter. */
  unheard(topic: string, filter: string): void;
  /** Records that the connection ends, because the client sent nothing within 1.5 times its keep-alive [MQTT-3.1.2-24]. */
  unresponsive(): void;
  /** Handles the end of the connection, whatever its reason is. */
  ended?(): void;
}

/** A parsed user name: it names the service and the client. */
export type UserName =
  | {
      readonly kind: 'dps';
      readonly idScope: string;
      readonly registrationId: string;
      readonly apiVersion: string | undefined;
    }
  | {
      readonly kind: 'hub';
      readonly host: string;
      readonly deviceId: string;
      readonly moduleId: string | undefined;
      readonly apiVersion: string | undefined;
      /** The model ID in the user name; undefined if the user name contains none. */
      readonly modelId: string | undefined;
    };

/** The answer to a message: another message, or the end of the connection without a message. */
export type MqttAnswer =
  | 'close'
  | {
      readonly topic: string;
      readonly payload: string;
      /** The client gets the message only if it is subscribed to exactly this filter [MQTT-3.3.5-1]. */
      readonly filter: string;
      /** True if the connection ends after this message. */
      readonly isLast: boolean;
    };
