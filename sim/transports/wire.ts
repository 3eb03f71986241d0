import type { Duplex } from 'node:stream';
import type { Transport } from '../../core/history/events.ts';
import type { History } from '../../core/history/history.ts';
import type { Result } from '../../core/result.ts';
import type { ListenerName } from '../../core/wire/listener-ports.ts';
import type { DpsCall, Opened } from './dps-connection.ts';
import type { Peer } from './peer.ts';

/**
 * A protocol by which a simulated device reaches DPS and its hub.
 *
 * To add a protocol, write a folder with a `Wire` and add it to the list in `index.ts`.
 */
export interface Wire {
  /** The listener to whose port the device connects. */
  readonly listener: ListenerName;
  /** The sub-protocol, if the protocol runs inside a WebSocket. */
  readonly subProtocol?: string;
  /** True if a device logs in when it opens the connection. If false, each request carries a token. */
  readonly hasLogin: boolean;
  /** Opens a connection to DPS. The device verifies the server first. */
  openDps(peer: Peer, call: DpsCall, history: History): Promise<Opened>;
  /** The transport by which the device calls its hub. Default: this one. */
  readonly hubTransport?: Transport;
  /**
   * Sends one message to a hub and closes the stream. Succeeds if the hub acknowledged it.
   *
   * @param stream to the hub, by `hubTransport`; the device has accepted the server.
   */
  sendToHub(stream: Duplex, message: DeviceMessage): Promise<Result<undefined>>;
}

/** A telemetry message and the login of the device that sends it. */
export interface DeviceMessage {
  /** Host of the hub. */
  readonly hub: string;
  readonly deviceId: string;
  /** A shared access signature; undefined if the certificate of the handshake is the credential. */
  readonly token: string | undefined;
  readonly text: string;
}
