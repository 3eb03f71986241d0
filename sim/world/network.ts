import { classicHubName } from '../../core/wire/hub-names.ts';
import { defined } from '../../core/defined.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import type { Transport } from '../../core/history/events.ts';
import type { History } from '../../core/history/history.ts';
import type { Device } from '../devices/device.ts';
import { attestations } from '../devices/attestation/attestations.ts';
import type { RogueServers } from './attacker/rogue-servers.ts';
import { wires, type Wires } from '../transports/wires.ts';
import type { Peer } from '../transports/peer.ts';
import type { Wire } from '../transports/wire.ts';

/** Parts of a network that can be omitted. */
interface Peculiarities {
  /** Additional host names of the DPS endpoint for devices. */
  readonly aliases?: Iterable<string>;
  /** Servers of an attacker that answer instead of the cloud. */
  readonly rogueServers?: RogueServers;
  /** Protocols by transport. Default: those of `sim/transports`. */
  readonly wires?: Wires;
  /** Lets a hub check a visit without a connection. Default: every visit needs a connection. */
  readonly visitHub?: Cloud['visitHub'] | undefined;
  /** Calls the services directly, without connections. Default: none, so that every device opens connections. */
  readonly direct?: Cloud['direct'] | undefined;
}

/**
 * The network between the devices and the cloud of a simulated world. It resolves host names, and it knows the true time and the history.
 */
export class Network {
  readonly clock: Clock;
  readonly history: History;
  readonly #cloud: Pick<Cloud, 'ports'>;
  readonly #hubs: ReadonlySet<string>;
  readonly #endpoints: ReadonlySet<string>;
  readonly #rogueServers: RogueServers | undefined;
  readonly #wires: Wires;
  /** Lets a hub check a visit without a connection; undefined if every visit needs a connection. */
  readonly visitHub: Cloud['visitHub'] | undefined;
  readonly direct: Cloud['direct'] | undefined;
  /** The certificates that a device accepted last from a server, by host and port: DER, leaf first. */
  readonly #acceptedServers = new Map<string, readonly Buffer[]>();

  constructor(
    clock: Clock,
    history: History,
    cloud: Pick<Cloud, 'ports'>,
    hubs: Iterable<string>,
    { aliases = [], rogueServers, wires: ownWires = wires, visitHub, direct }: Peculiarities = {},
  ) {
    this.clock = clock;
    this.history = history;
    this.#cloud = cloud;
    this.#hubs = new Set(hubs);
    this.#endpoints = new Set([globalEndpoint, ...aliases]);
    this.#rogueServers = rogueServers;
    this.#wires = ownWires;
    this.visitHub = visitHub;
    this.direct = direct;
  }

  /** Returns how `device` connects to `host`; undefined if no server has this host name or the device is offline. */
  peer(device: Device, host: string, transport: Transport): Peer | undefined {
    if (device.isOffline) return undefined;
    const isEndpoint = this.#endpoints.has(host);
    if (!isEndpoint && !this.#hubs.has(classicHubName(host))) return undefined;
    const { listener, subProtocol } = this.wire(transport);
    const isPlain = device.flash.config?.tls === false;
    const port =
      this.#rogueServers?.port(host, transport, isPlain) ?? (isPlain ? undefined : this.#cloud.ports[listener]);
    if (port === undefined) return undefined;
    const issued = isEndpoint ? undefined : device.flash.issued;
    const identity = issued ?? attestations[device.attestation].tlsIdentity(device);
    return {
      caller: device.registrationId ?? device.name,
      from: device.address,
      host,
      port,
      roots: device.trustStore,
      clock: device.clock,
      checksValidity: device.checksServerValidity,
      trustsAnyone: device.trustsAnyone === true,
      isPlain,
      onServerAccepted: (chain) => this.#noteServer(serverKey(host, port), chain),
      ...defined({ identity, subProtocol, tls: device.tls }),
    };
  }

  /**
   * Returns the certificates of this server that a device accepted last: DER, leaf first. Undefined if no device has accepted the server.
   */
  acceptedServer({ host, port }: Pick<Peer, 'host' | 'port'>): readonly Buffer[] | undefined {
    return this.#acceptedServers.get(serverKey(host, port));
  }

  /** Notes the certificates of a server. If they are unchanged, keeps the previous array, so that callers can compare by identity. */
  #noteServer(key: string, chain: readonly Buffer[]): void {
    const former = this.#acceptedServers.get(key);
    const isSame = former?.length === chain.length && chain.every((der, index) => former[index]?.equals(der));
    if (!isSame) this.#acceptedServers.set(key, chain);
  }

  /** Returns the protocol of a transport. */
  wire(transport: Transport): Wire {
    return this.#wires[transport];
  }

  /** Runs checks that the device itself makes and records their decision in the history. Returns true if the checks passed. */
  decide(trace: DecisionTrace, judge: (trace: DecisionTrace) => boolean): boolean {
    const passed = judge(trace);
    this.history.record({ kind: 'decision', ...trace.decision() });
    return passed;
  }
}

function serverKey(host: string, port: number): string {
  return `${host}:${port}`;
}
