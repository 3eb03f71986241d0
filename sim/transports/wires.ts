import type { Transport } from '../../core/history/events.ts';
import { webSocket } from '../../core/wire/dps-wire.ts';
import { openAmqpDps } from './amqp/amqp-dps.ts';
import { sendOverAmqp } from './amqp/amqp-hub.ts';
import { openHttpsDps } from './https/https-dps.ts';
import { sendOverMqtt } from './mqtt/hub-connection.ts';
import { openMqttDps } from './mqtt/mqtt-dps.ts';
import type { Wire } from './wire.ts';

/** MQTT 3.1.1. */
const mqtt: Wire = { listener: 'mqtt', hasLogin: true, openDps: openMqttDps, sendToHub: sendOverMqtt };

/** AMQP 1.0. */
const amqp: Wire = { listener: 'amqp', hasLogin: true, openDps: openAmqpDps, sendToHub: sendOverAmqp };

/** HTTPS. Simulated devices use it only with DPS: they connect to their hub over MQTT. */
const https: Wire = {
  listener: 'https',
  hasLogin: false,
  openDps: openHttpsDps,
  hubTransport: 'mqtt',
  sendToHub: sendOverMqtt,
};

/** The protocol of each transport that a scenario can name. */
export const wires: Wires = {
  mqtt,
  https,
  amqp,
  'mqtt-ws': inWebSocket(mqtt, webSocket.mqtt),
  'amqp-ws': inWebSocket(amqp, webSocket.amqp),
};

export type Wires = Readonly<Record<Transport, Wire>>;

/**
 * Returns a protocol that runs inside a WebSocket. A WebSocket starts as an HTTPS request, so the device connects to the HTTPS listener.
 */
function inWebSocket(wire: Wire, subProtocol: string): Wire {
  return { ...wire, listener: 'https', subProtocol };
}
