import type { Duplex } from 'node:stream';
import type { Server } from 'node:net';
import type { ClientTimeouts, CloudSettings } from '../../core/cloud/cloud.ts';
import type { Durability } from '../../core/cloud/durability.ts';
import type { Transport } from '../../core/history/events.ts';
import type { ListenerName } from '../../core/wire/listener-ports.ts';
import type { ProvisioningService } from '../dps/service.ts';
import type { EntraDirectory } from '../entra/entra-directory.ts';
import type { Hub } from '../hub/hub.ts';
import type { ConnectionCredentials } from '../shared/credentials.ts';
import type { Connections } from './shared/connections.ts';
import type { Probation } from './shared/probation.ts';
import type { ManagementOperator } from '../registry/management/management-api.ts';
import type { TlsAcceptor } from './shared/tls-acceptor.ts';

/**
 * A protocol by which clients reach DPS and the hubs. A listener only translates: it reads requests, calls `mocks/dps` and
 * `mocks/hub`, and writes their answers. A lint rule forbids checks in `mocks/listeners`.
 *
 * To add a protocol, write a folder with a `Listener` and add it to `listeners` in `mocks/start-cloud.ts`.
 */
export interface Listener {
  readonly name: ListenerName;
  /** Creates the server. `startCloud` makes the server listen, and closes it later. */
  open(context: ListenerContext): OpenListener | Promise<OpenListener>;
}

/**
 * The provisioning services of all tenants. Devices use one endpoint for all of them; the ID scope in a request selects the
 * service.
 */
export interface Services {
  /** The service of the lab. All other services belong to other tenants. */
  readonly own: ProvisioningService;
  /**
   * Returns the service with this ID scope. If no service has it, returns the service of the lab, which then refuses the
   * request.
   */
  of(idScope: string): ProvisioningService;
}

/** The parts that all listeners of a cloud share. */
export interface ListenerContext {
  readonly services: Services;
  /** The Entra ID directory of the lab. */
  readonly entra: EntraDirectory;
  /** The hubs of all tenants, by host name. */
  readonly hubs: ReadonlyMap<string, Hub>;
  /** The provisioning services that have a service API, with the host name of each. The first one is the service of the lab. */
  readonly serviceApis: readonly { readonly service: ProvisioningService; readonly host: string }[];
  /** The operations of the device registry of the lab. */
  readonly registry: ManagementOperator;
  /** Makes the TLS handshakes of all listeners. */
  readonly tls: TlsAcceptor;
  readonly connections: Connections;
  readonly clientTimeouts: ClientTimeouts;
  readonly durability: Durability;
  readonly settings: CloudSettings;
}

export interface OpenListener {
  readonly server: Server;
  /** The same protocol inside a WebSocket; undefined if clients do not use it in a WebSocket. */
  readonly inWebSocket?: WebSocketProtocol;
  /**
   * Accepts WebSockets that contain one of these protocols. The cloud calls this method once, before the server
   * listens.
   */
  readonly acceptWebSockets?: (protocols: readonly WebSocketProtocol[]) => void;
  /** Ends the sessions of all clients. The cloud calls this method before the server closes. */
  readonly endSessions?: () => Promise<void>;
}

/** A protocol inside a WebSocket. */
export interface WebSocketProtocol {
  readonly subProtocol: string;
  /** For the history. */
  readonly transport: Transport;
  readonly handle: StreamHandler;
}

/**
 * Serves a client on a stream.
 *
 * @param credentials credentials of the connection.
 * @param probation ends the connection if the client does not authenticate in time.
 */
export type StreamHandler = (
  stream: Duplex,
  credentials: ConnectionCredentials,
  probation: Probation,
  transport: Transport,
) => void;
