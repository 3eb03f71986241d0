import type { Packet } from 'mqtt-packet';
import type { Connect, DpsRequest } from '../../core/conformance/wire-event.ts';

/** An answer of DPS, before or after a script has changed it. */
export interface ScriptAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body?: unknown;
  /** Text of the body instead of JSON. AMQP cannot carry such a text, so the lab sends `body` over AMQP. */
  readonly raw?: string;
}

/**
 * Changes the answers of a lab, to provoke a behaviour of the client. The runner makes a new script for each run, so that a script may
 * count requests.
 */
export interface Script {
  /** Returns the answer of DPS for the client, or `drop` to close the connection. Default: the answer of the service. */
  dps?(request: DpsRequest, answer: ScriptAnswer): ScriptAnswer | 'drop';
  /** Returns the CONNACK code for a client. If undefined, the client gets the code of the service. */
  connack?(connect: Connect): number | undefined;
  /** Returns the packets that the client gets instead of `packet`. */
  toClient?(packet: Packet, connect: Connect): readonly Packet[];
  /** Returns the packets with which the script answers a packet of the client; undefined if the service answers. */
  fromClient?(packet: Packet, connect: Connect): readonly Packet[] | undefined;
}
