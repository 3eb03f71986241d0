import type { Clock } from '../core/clock.ts';
import type { Cloud } from '../core/cloud.ts';
import { globalEndpoint } from '../core/dps-wire.ts';
import type { DecisionTrace } from '../core/decision.ts';
import type { Transport } from '../core/attempt.ts';
import type { History } from '../core/history.ts';
import type { Device } from './devices/device.ts';
import { attestations } from './devices/index.ts';
import type { Peer } from './transports/tls-connection.ts';

/** What stands between the devices and the cloud of a world: names, the true time, and the record. */
export class Network {
  readonly clock: Clock;
  readonly history: History;
  readonly #cloud: Cloud;
  readonly #hubs: ReadonlySet<string>;
  readonly #endpoints: ReadonlySet<string>;

  /** @param aliases further names that lead to the endpoint for devices. */
  constructor(clock: Clock, history: History, cloud: Cloud, hubs: Iterable<string>, aliases: Iterable<string> = []) {
    this.clock = clock;
    this.history = history;
    this.#cloud = cloud;
    this.#hubs = new Set(hubs);
    this.#endpoints = new Set([globalEndpoint, ...aliases]);
  }

  /** How `device` reaches `host`; undefined where nothing of that name answers, or the device has no network. */
  peer(device: Device, host: string, transport: Transport): Peer | undefined {
    if (device.offline === true) return undefined;
    const isEndpoint = this.#endpoints.has(host);
    if (!isEndpoint && !this.#hubs.has(host)) return undefined;
    const issued = isEndpoint ? undefined : device.flash.issued;
    const identity = issued ?? attestations[device.attestation].tlsIdentity(device);
    return {
      caller: device.registrationId ?? device.name,
      from: device.address,
      host,
      transport,
      port: this.#cloud.ports[listeners[transport]],
      roots: device.trustStore,
      clock: device.clock,
      checksValidity: device.checksServerValidity,
      ...(identity === undefined ? {} : { identity }),
    };
  }

  /** Records a decision that the device itself makes. */
  decide(trace: DecisionTrace, judge: (trace: DecisionTrace) => boolean): boolean {
    const passed = judge(trace);
    this.history.record({ kind: 'decision', ...trace.decision() });
    return passed;
  }
}

/** A WebSocket begins as a request over HTTPS. */
const listeners = { mqtt: 'mqtt', https: 'https', amqp: 'amqp', 'mqtt-ws': 'https', 'amqp-ws': 'https' } as const;
