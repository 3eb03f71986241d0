import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { hub, type Lab } from '../lab.ts';
import { Network } from './network.ts';

/** A network in which the names and ports of Azure lead to a lab. `ports` adds more, as inside to outside. */
export function openNetwork(lab: Lab, ports: Readonly<Record<number, number>> = {}): Promise<Network> {
  const { https, mqtt, amqp } = lab.cloud.ports;
  return Network.open({
    hosts: [globalEndpoint, hub, serviceHost],
    ports: { 443: https, 8883: mqtt, 5671: amqp, ...ports },
    root: lab.ca,
  });
}

/** Where the service API of DPS is. */
const serviceHost = 'rehearsal.azure-devices-provisioning.net';
