import type { Transport } from '../../core/history/events.ts';
import { webSocket } from '../../core/wire/dps-wire.ts';
import { amqpWire } from './amqp/amqp-wire.ts';
import { httpsWire } from './https/https-wire.ts';
import { mqttWire } from './mqtt/mqtt-wire.ts';
import type { Wire } from './wire.ts';

/** Every wire of the simulated devices, by the transport that a scenario names. */
export const wires: Wires = {
  mqtt: mqttWire,
  https: httpsWire,
  amqp: amqpWire,
  'mqtt-ws': inWebSocket(mqttWire, webSocket.mqtt),
  'amqp-ws': inWebSocket(amqpWire, webSocket.amqp),
};

export type Wires = Readonly<Record<Transport, Wire>>;

/** A WebSocket begins as a request over HTTPS. */
function inWebSocket(wire: Wire, subProtocol: string): Wire {
  return { ...wire, listener: 'https', subProtocol };
}
