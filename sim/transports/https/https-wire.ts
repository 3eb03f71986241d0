import { sendOverMqtt } from '../mqtt/hub-connection.ts';
import type { Wire } from '../wire.ts';
import { openHttpsDps } from './https-dps.ts';

/** The HTTPS protocol. Simulated devices use it only with DPS: they connect to their hub over MQTT. */
export const httpsWire: Wire = {
  listener: 'https',
  hasLogin: false,
  openDps: openHttpsDps,
  hubTransport: 'mqtt',
  sendToHub: sendOverMqtt,
};
