import type { Duplex } from 'node:stream';
import type { Transport } from '../../core/history/events.ts';
import type { History } from '../../core/history/history.ts';
import type { Result } from '../../core/result.ts';
import type { ListenerName } from '../../core/wire/listener-ports.ts';
import type { DpsCall, Opened } from './dps-connection.ts';
import type { Peer } from './peer.ts';

/**
 * A protocol with which a simulated device connects to DPS and its hub. To add a protocol, write a folder with its
 * functions and add its `Wire` to `wires.ts`.
 */
export interface Wire {
  /** Listener of the cloud to which the device connects. */
  readonly listener: ListenerName;
  /** Sub-protocol of the WebSocket, if the protocol runs inside a WebSocket. */
  readonly subProtocol?: string;
  /** True if the device logs in when it opens the connection. False if each request carries a token. */
  readonly hasLogin: boolean;
  /** Opens a connection to DPS. The device verifies the server before it sends data. */
  openDps(peer: Peer, call: DpsCall, history: History): Promise<Opened>;
  /** Transport with which the device connects to its hub. Default: the transport that it uses for DPS. */
  readonly hubTransport?: Transport;
  /**
   * Sends one message to a hub and closes the stream. Succeeds if the hub acknowledges the message.
   * @param stream an open stream to the hub over `hubTransport`. The device has already accepted the server.
   */
  sendToHub(stream: Duplex, message: DeviceMessage): Promise<Result<undefined>>;
}

/** A telemetry message and the login of the device that sends it. */
export interface DeviceMessage {
  /** Host name of the hub. */
  readonly hub: string;
  readonly deviceId: string;
  /** A shared access signature; undefined if the client certificate of the handshake is the credential. */
  readonly token: string | undefined;
  readonly text: string;
}
