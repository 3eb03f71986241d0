import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import rhea, { type Connection } from 'rhea';
import { createWebSocketStream, WebSocket } from 'ws';
import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import { derivedKey, dpsToken, hubToken } from '../../clients/credentials.ts';
import { hubs, idScope, type OpenCloud } from '../../clients/open-cloud.ts';
import { pemOf } from '../../clients/raw-https.ts';
import { connectPacket, publishPacket, subscribePacket } from '../../clients/raw-mqtt.ts';

/** The ID of the device that floods DPS and the first hub. */
export const flooder = 'flooder';

const [hub] = hubs;

/** Opens a connection with the valid credentials of the flooding device. The client ignores all answers. */
export type Flood = (open: OpenCloud, key: Buffer) => Promise<Flooding>;

interface Flooding {
  /** Sends all packets in one write. */
  readonly start: () => void;
  /** Sends all packets in one write and ends the connection. */
  readonly startAndEnd: () => void;
  readonly end: () => void;
}

/** Number of packets in a flood over MQTT. */
export const floodSize = 2000;

const mqttFloods = {
  'twin patches': (index: number) =>
    publishPacket(`$iothub/twin/PATCH/properties/reported/?$rid=${index}`, `{"n":${index}}`),
  subscriptions: (index: number) => subscribePacket(index + 1, ['$iothub/twin/res/#', index % 2]),
  'telemetry at QoS 0': () => publishPacket(`devices/${flooder}/messages/events/`, '{"t":1}'),
  'telemetry at QoS 1': (index: number) =>
    publishPacket(`devices/${flooder}/messages/events/`, '{"t":1}', 1, index + 1),
} as const;

function overMqtt(packetOf: (index: number) => Buffer, dial: (open: OpenCloud) => Promise<Duplex>): Flood {
  return async (open, key) => {
    const stream = await dial(open);
    const username = `${hub}/${flooder}/?api-version=2021-04-12`;
    const connected = once(stream, 'data');
    stream.write(connectPacket({ clientId: flooder, username, password: hubToken(key, hub, flooder) }));
    await connected;
    const bytes = Buffer.concat(Array.from({ length: floodSize }, (_, index) => packetOf(index)));
    return {
      start: () => void stream.resume().write(bytes),
      startAndEnd: () => void stream.resume().end(bytes),
      end: () => void stream.destroy(),
    };
  };
}

/** Sends 32 register messages at once, as many as the credit of a link permits. */
function overAmqp(dial: (open: OpenCloud) => Promise<Duplex>): Flood {
  return async (open, key) => {
    const stream = await dial(open);
    const address = `${idScope}/registrations/${flooder}`;
    const connection = connectionOn(stream, address, dpsToken(key, flooder));
    for (const event of ['disconnected', 'rejected']) connection.on(event, () => {});
    connection.connect();
    const properties = { 'com.microsoft:api-version': '2019-03-31' };
    connection.open_receiver({ source: { address }, properties });
    const sender = connection.open_sender({ target: { address }, properties });
    await once(sender, 'sendable');
    const message = {
      correlation_id: 'c',
      application_properties: { 'iotdps-operation-type': 'iotdps-register', 'iotdps-forceRegistration': false },
      body: rhea.message.data_section(Buffer.from('{}')) as unknown,
    };
    const start = (): void => {
      while (sender.sendable()) sender.send(message);
    };
    return {
      start,
      startAndEnd: () => {
        start();
        connection.close();
      },
      end: () => void stream.destroy(),
    };
  };
}

function connectionOn(stream: Duplex, username: string, password: string): Connection {
  return rhea.create_container().create_connection({
    username,
    password,
    connection_details: () => ({
      connect: (_port: number, _host: string, _options: unknown, connected: () => void) => {
        process.nextTick(connected);
        return stream;
      },
    }),
    hostname: globalEndpoint,
    reconnect: false,
  } as never);
}

async function dialTls({ cloud }: OpenCloud, port: 'mqtt' | 'amqp'): Promise<Duplex> {
  const trust = { servername: globalEndpoint, ca: pemOf(cloud.serverRoot) };
  const socket = connect({ host: '127.0.0.1', port: cloud.ports[port], ...trust });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}

async function dialWebSocket({ cloud }: OpenCloud, protocol: string): Promise<Duplex> {
  const trust = { servername: globalEndpoint, ca: pemOf(cloud.serverRoot) };
  const socket = new WebSocket(`wss://127.0.0.1:${cloud.ports.https}/$iothub/websocket`, protocol, trust);
  await once(socket, 'open');
  const stream = createWebSocketStream(socket);
  stream.on('error', () => {});
  return stream;
}

export const telemetry: Flood = overMqtt(mqttFloods['telemetry at QoS 0'], (open) => dialTls(open, 'mqtt'));

/** All floods, by a description with the transport. */
export const floods: Readonly<Record<string, Flood>> = {
  ...Object.fromEntries(
    Object.entries(mqttFloods).map(([name, packetOf]) => [
      `${name} over MQTT`,
      overMqtt(packetOf, (open) => dialTls(open, 'mqtt')),
    ]),
  ),
  'twin patches over MQTT over a WebSocket': overMqtt(mqttFloods['twin patches'], (open) =>
    dialWebSocket(open, 'mqtt'),
  ),
  'register messages over AMQP': overAmqp((open) => dialTls(open, 'amqp')),
  'register messages over AMQP over a WebSocket': overAmqp((open) => dialWebSocket(open, 'AMQPWSB10')),
};

/** Derives the key of the flooder from the key of its group. */
export const memberKey = (groupKey: Buffer): Buffer => derivedKey(groupKey, flooder);
