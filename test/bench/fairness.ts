import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect } from 'node:tls';
import { wallMs } from '../../core/time/clock.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { derivedKey, dpsToken, hubToken } from '../mocks/clients/credentials.ts';
import { pollAt, registerAt } from '../mocks/clients/device-at-listener.ts';
import { pemOf } from '../mocks/clients/raw-https.ts';
import { connectPacket, publishPacket, subscribePacket } from '../mocks/clients/raw-mqtt.ts';
import type { Reachable } from '../mocks/clients/reachable.ts';

/** The packets that a client sends in one write. */
interface Flood {
  readonly count: number;
  readonly packet: (index: number) => Buffer;
}

/** The address of the lab, and the credentials of the flooding device. */
interface Target extends Reachable {
  readonly key: Buffer;
  readonly hub: string;
}

const floods: Readonly<Record<string, Flood>> = {
  telemetry: {
    count: 10_000,
    packet: () => publishPacket('devices/flood/messages/events/', Buffer.alloc(2048, 'a')),
  },
  twinPatches: {
    count: 20_000,
    packet: (index) => publishPacket(`$iothub/twin/PATCH/properties/reported/?$rid=${index}`, `{"n":${index}}`),
  },
  subscriptions: {
    count: 10_000,
    packet: (index) => subscribePacket(index + 1, ['$iothub/twin/res/#', index % 2]),
  },
};

/**
 * Measures how a flood from one client slows down a registration of another client over MQTT (a ratio), and the number of packets per
 * second that the lab handles without other load. The lab is a separate process.
 */
export async function fairness() {
  const script = new URL('../mocks/clients/cloud-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const said = JSON.parse(line) as { ports: Reachable['ports']; root: string; key: string };
    const reachable = { ports: said.ports, serverRoot: Buffer.from(said.root, 'base64') };
    const key = Buffer.from(said.key, 'base64');
    const target = { ...reachable, key, hub: await hubOf('flood', reachable, key) };
    await many(30, () => registrationMs(target));
    const aloneMs = median(await many(21, () => registrationMs(target)));
    const figures: Record<string, object> = {};
    for (const [name, flood] of Object.entries(floods)) figures[name] = await besides(target, flood, aloneMs);
    return figures;
  } finally {
    child.kill('SIGKILL');
  }
}

async function besides(target: Target, { count, packet }: Flood, aloneMs: number) {
  const packets = Buffer.concat(Array.from({ length: count }, (_, index) => packet(index)));
  const floodsMs = await many(5, () => floodMs(target, packets));
  const during: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const flood = { isOver: false };
    const flooding = floodMs(target, packets).finally(() => (flood.isOver = true));
    do during.push(await registrationMs(target));
    while (!flood.isOver);
    await flooding;
  }
  return {
    packetsPerSecond: Math.round((count * 1000) / median(floodsMs)),
    aloneMs: round(aloneMs),
    besidesMs: round(median(during)),
    besidesMostMs: round(Math.max(...during)),
    times: round(median(during) / aloneMs),
  };
}

async function many(times: number, measure: () => Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (let turn = 0; turn < times; turn++) figures.push(await measure());
  return figures;
}

async function hubOf(id: string, cloud: Reachable, key: Buffer): Promise<string> {
  const shown = { token: dpsToken(derivedKey(key, id), id) };
  const { body } = await registerAt('https', { cloud }, id, shown);
  const { operationId } = body as { readonly operationId: string };
  const { body: polled } = await pollAt('https', { cloud }, id, shown, operationId);
  return (polled as { readonly registrationState: { readonly assignedHub: string } }).registrationState.assignedHub;
}

/** Returns the duration, in real milliseconds, of one registration over MQTT on a new connection, including the TLS handshake. */
async function registrationMs(cloud: Target): Promise<number> {
  const started = wallMs();
  const { status } = await registerAt('mqtt', { cloud }, 'good', {
    token: dpsToken(derivedKey(cloud.key, 'good'), 'good'),
  });
  if (status !== 202) throw new Error(`a registration was answered with ${status}`);
  return wallMs() - started;
}

/** Returns the real milliseconds from the first packet of a flood to the answer to a PINGREQ after its last packet. */
async function floodMs({ ports, serverRoot, key, hub }: Target, packets: Buffer): Promise<number> {
  const trust = { servername: globalEndpoint, ca: pemOf(serverRoot) };
  const socket = connect({ host: '127.0.0.1', port: ports.mqtt, ...trust });
  await once(socket, 'secureConnect');
  const password = hubToken(derivedKey(key, 'flood'), hub, 'flood');
  const username = `${hub}/flood/?api-version=2021-04-12`;
  socket.write(connectPacket({ clientId: 'flood', username, password }));
  const [connack] = (await once(socket, 'data')) as [Buffer];
  if (connack[3] !== 0) throw new Error(`CONNACK ${connack[3]}`);
  const started = wallMs();
  socket.write(Buffer.concat([packets, pingreq]));
  await new Promise<void>((done, fail) => {
    socket.on('data', (bytes: Buffer) => {
      if (bytes.subarray(-2).equals(pingresp)) done();
    });
    socket.once('close', () => fail(new Error('the flood was cut off')));
  });
  socket.destroy();
  return wallMs() - started;
}

const pingreq = Buffer.from([0xc0, 0]);
const pingresp = Buffer.from([0xd0, 0]);

/** Returns the median of an odd number of figures. */
function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}
