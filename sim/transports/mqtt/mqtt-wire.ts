import type { Wire } from '../wire.ts';
import { sendOverMqtt } from './hub-connection.ts';
import { openMqttDps } from './mqtt-dps.ts';

/** MQTT 3.1.1. */
export const mqttWire: Wire = {
  listener: 'mqtt',
  hasLogin: true,
  openDps: openMqttDps,
  sendToHub: sendOverMqtt,
};
