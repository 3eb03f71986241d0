import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { hub, type Lab } from '../lab.ts';
import { Network } from './network.ts';

/**
 * Opens a network in which the host names and ports of Azure are forwarded to a lab.
 * @param ports more ports to forward: the port in the network, and the port of the computer.
 */
export function openNetwork(lab: Lab, ports: Readonly<Record<number, number>> = {}): Promise<Network> {
  const { https, mqtt, amqp } = lab.cloud.ports;
  return Network.open({
    hosts: [globalEndpoint, hub, serviceHost],
    ports: { 443: https, 8883: mqtt, 5671: amqp, ...ports },
    root: lab.ca,
  });
}

/** The host name of the service API of DPS. */
const serviceHost = 'rehearsal.azure-devices-provisioning.net';
