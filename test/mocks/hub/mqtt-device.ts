import { expect } from 'vitest';
import { hubToken } from '../clients/credentials.ts';
import { hubs, type OpenCloud } from '../clients/open-cloud.ts';
import { RawMqtt, subscribePacket, type ConnectFields, type Packet } from '../clients/raw-mqtt.ts';

const [hub] = hubs;

/** Connects a device to the first hub over MQTT with its key. */
export async function connectDevice(
  open: OpenCloud,
  id: string,
  key: Buffer,
  fields: ConnectFields = {},
): Promise<RawMqtt> {
  const connection = await RawMqtt.open(open.cloud);
  const username = `${hub}/${id}/?api-version=2021-04-12`;
  const password = hubToken(key, hub, encodeURIComponent(id));
  expect(await connection.connect({ clientId: id, username, password, ...fields })).toBe(0);
  return connection;
}

/** Subscribes at QoS 1 and returns the granted QoS of each filter. */
export async function subscribe(device: RawMqtt, ...filters: readonly string[]): Promise<readonly number[]> {
  device.send(subscribePacket(1, ...filters.map((filter) => [filter, 1] as const)));
  const packet = await device.next();
  return packet.kind === 'suback' ? packet.codes : [];
}

/** Returns the next packet, which must be a PUBLISH. */
export async function nextMessage(device: RawMqtt): Promise<Packet & { kind: 'publish' }> {
  const packet = await device.next();
  if (packet.kind !== 'publish') throw new Error(`expected a PUBLISH, got ${packet.kind}`);
  return packet;
}
