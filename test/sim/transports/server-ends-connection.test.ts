import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cloud } from '../../../core/cloud/cloud.ts';
import type { Clock } from '../../../core/time/clock.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { attempt } from '../../../sim/devices/attempt.ts';
import { wires } from '../../../sim/transports/wires.ts';
import { openWires, type WireWorld } from '../../../sim/world/attacker/open-wires.ts';
import { Network } from '../../../sim/world/network.ts';
import { individual, symmetricKeys } from '../../mocks/clients/credentials.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../../mocks/clients/open-cloud.ts';
import { keyDevice } from './key-device.ts';

const transports = ['https', 'mqtt', 'amqp', 'mqtt-ws', 'amqp-ws'] as const;

/**
 * The moments at which the server ends a connection. A moment is the arrival of a TLS record of the client: its ClientHello, its last
 * flight of the handshake (with ChangeCipherSpec, type 20), or its first application data (type 23).
 */
const moments = {
  'at the ClientHello': 22,
  'at the end of the handshake': 20,
  'at the first data': 23,
} as const;
type Moment = keyof typeof moments;

const ways: Readonly<Record<string, (socket: Socket) => void>> = {
  'closes the connection': (socket) => void socket.end(),
  'resets the connection': (socket) => void socket.resetAndDestroy(),
};

let open: OpenCloud;
const proxies: Server[] = [];
beforeAll(async () => {
  open = await openCloud();
});
afterAll(async () => {
  for (const proxy of proxies) proxy.close();
  await open.cloud.close();
});

/**
 * Returns true if the bytes contain a TLS record of a type (RFC 8446 5.1). The bytes must consist of whole records, as a client sends them
 * in one flight.
 */
function hasRecord(bytes: Buffer, type: number): boolean {
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) if (bytes[at] === type) return true;
  return false;
}

/** Opens a port in front of a listener. The port ends each connection at the given moment. */
async function portThatEnds(port: number, moment: Moment, end: (socket: Socket) => void): Promise<number> {
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.on('error', () => server.destroy()).on('close', () => server.destroy());
    server.on('error', () => {});
    server.on('data', (part) => client.writable && client.write(part));
    client.on('data', (part) => {
      if (hasRecord(part, moments[moment])) end(client);
      else server.write(part);
    });
  });
  proxies.push(proxy);
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  return (proxy.address() as AddressInfo).port;
}

async function cloudThatEnds(moment: Moment, end: (socket: Socket) => void): Promise<Cloud> {
  const { ports } = open.cloud;
  const at = async (port: number): Promise<number> => portThatEnds(port, moment, end);
  const ending = { ...ports, https: await at(ports.https), mqtt: await at(ports.mqtt), amqp: await at(ports.amqp) };
  return Object.create(open.cloud, { ports: { value: ending } }) as Cloud;
}

const clock: Clock = { now: () => noon, sleep: async () => {} };

describe.each(transports)('over %s', (transport) => {
  const cases = Object.keys(moments).flatMap((moment) =>
    Object.keys(ways).map((way) => [moment as Moment, way] as const),
  );
  test.each(cases)(
    'an attempt of a device at DPS has the outcome `refused` if, %s, the server %s',
    async (moment, way) => {
      const cloud = await cloudThatEnds(moment, ways[way] ?? (() => {}));
      const { end } = await attemptAt(cloud, transport, 'as-configured');
      expect(end).toMatchObject({
        outcome: 'refused',
        telemetry: 'none',
        sentence: expect.stringMatching(/clos|ended|alert/),
      });
    },
  );

  test.each(cases)(
    'an attempt of a device at a hub has the outcome `refused` if, %s, the server %s',
    async (moment, way) => {
      const cloud = await cloudThatEnds(moment, ways[way] ?? (() => {}));
      const { end } = await attemptAt(cloud, transport, 'connect');
      expect(end).toMatchObject({ outcome: 'refused', sentence: expect.stringMatching(/clos|ended|alert/) });
    },
  );
});

test.each(Object.keys(moments) as Moment[])(
  'an attempt of an attacker has the outcome `refused` if the server resets the connection %s',
  async (moment) => {
    const cloud = await cloudThatEnds(moment, (socket) => socket.resetAndDestroy());
    const world = { cloud, clock, history: open.history } as unknown as WireWorld;
    const attacker = openWires(world);
    const claim = { name: 'attacker as meter', registrationId: 'meter' };
    const request = { host: globalEndpoint, method: 'GET', path: '/' };
    const end = await attacker.attempt(claim, 'symmetricKey', async () => {
      await attacker.request(request);
      throw new Error('the server has answered');
    });
    expect(end).toMatchObject({ outcome: 'refused', sentence: expect.stringContaining('it closed the connection') });
    const login = { host: globalEndpoint, clientId: 'meter', userName: 'meter', isPlain: false };
    expect(await attacker.logIn(login)).toBeUndefined();
  },
);

async function attemptAt(cloud: Cloud, transport: (typeof transports)[number], mode: 'as-configured' | 'connect') {
  const keys = symmetricKeys();
  open.cloud.operator.putEnrollment(individual('meter', keys));
  const device = keyDevice(transport, clock, keys.primaryKey, {
    trustStore: [open.cloud.serverRoot],
    assigned: mode === 'connect' ? { hub: hubs[0], deviceId: 'meter' } : undefined,
  });
  const network = new Network(clock, open.history, cloud, [...hubs], { wires });
  return { end: await attempt(device, mode, network) };
}
