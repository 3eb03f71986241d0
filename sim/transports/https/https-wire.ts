import { sendOverMqtt } from '../mqtt/hub-connection.ts';
import type { Wire } from '../wire.ts';
import { openHttpsDps } from './https-dps.ts';

/** HTTPS. The simulated devices speak it to DPS only: they call their hub over MQTT. */
export const httpsWire: Wire = {
  listener: 'https',
  hasLogin: false,
  openDps: openHttpsDps,
  hubTransport: 'mqtt',
  sendToHub: sendOverMqtt,
};
