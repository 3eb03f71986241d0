import type { Transport } from '../../core/history/events.ts';
import { webSocket } from '../../core/wire/dps-wire.ts';
import { amqpWire } from './amqp/amqp-wire.ts';
import { httpsWire } from './https/https-wire.ts';
import { mqttWire } from './mqtt/mqtt-wire.ts';
import type { Wire } from './wire.ts';

/** The protocol of each transport that a scenario can name. */
export const wires: Wires = {
  mqtt: mqttWire,
  https: httpsWire,
  amqp: amqpWire,
  'mqtt-ws': inWebSocket(mqttWire, webSocket.mqtt),
  'amqp-ws': inWebSocket(amqpWire, webSocket.amqp),
};

export type Wires = Readonly<Record<Transport, Wire>>;

/** Returns the same protocol inside a WebSocket. A WebSocket starts as an HTTPS request, so the device connects to the HTTPS listener. */
function inWebSocket(wire: Wire, subProtocol: string): Wire {
  return { ...wire, listener: 'https', subProtocol };
}
