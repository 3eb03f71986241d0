import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { LogEntries } from '../../../cli/serve/watch/log-entries.ts';
import type { ClientTimeouts } from '../../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import type { ListenerName } from '../../../core/wire/listener-ports.ts';
import { AmqpClient } from '../../mocks/clients/amqp-client.ts';
import { dpsToken, hubToken, individual, symmetricKeys } from '../../mocks/clients/credentials.ts';
import { createDevice } from '../../mocks/clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../../mocks/clients/open-cloud.ts';
import { amqpHeader } from '../../mocks/clients/raw-amqp.ts';
import { ask, pemOf } from '../../mocks/clients/raw-https.ts';
import { connectPacket, publishPacket, RawMqtt, subscribePacket } from '../../mocks/clients/raw-mqtt.ts';

let open: OpenCloud;
afterEach(() => open.cloud.close());

async function start(clientTimeouts: Partial<ClientTimeouts> = {}): Promise<void> {
  open = await openCloud({
    clientTimeouts: { openingMs: 600_000, requestMs: 600_000, admissionMs: 0, ...clientTimeouts },
  });
}

/** Sends octets over TLS, and waits until the server has ended the connection. */
async function endedAfter(listener: ListenerName, octets: string | Buffer, servername: string): Promise<void> {
  const place = { host: '127.0.0.1', port: open.cloud.ports[listener], servername };
  const socket: TLSSocket = connect({ ...place, ca: pemOf(open.cloud.serverRoot) });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {}).resume();
  if (octets.length > 0) socket.write(octets);
  await once(socket, 'close');
}

/** Returns the lines of the log at its normal level, from the start of the cloud until now. */
function lines(): readonly string[] {
  const written: string[] = [];
  const entries = new LogEntries(({ level, sentence }) => {
    if (level === 'normal') written.push(sentence);
  });
  for (const event of open.history.events()) entries.add(event);
  entries.flush();
  return written;
}

const malformed = 'request-well-formed: the request does not have the documented form';

test.each<[string, ListenerName, string | Buffer, string]>([
  ['that sends nothing', 'mqtt', '', 'no complete CONNECT in time'],
  ['that sends nothing', 'amqp', '', 'no open frame within 0.4 s'],
  ['that sends only the protocol header', 'amqp', amqpHeader, 'no open frame within 0.4 s'],
  ['that sends nothing', 'https', '', 'no complete request in time'],
  ['that sends half a request', 'https', 'GET / HTTP/1.1\r\nHost:', 'no complete request in time'],
])('the log has a line for a client %s over %s', async (_name, listener, octets, found) => {
  await start({ openingMs: 400, requestMs: 400 });
  await endedAfter(listener, octets, globalEndpoint);
  expect(lines()).toEqual([expect.stringMatching(/^DPS refused 127\.0\.0\.1 over \S+ \(.+\): /)]);
  expect(lines()[0]).toContain(malformed);
  expect(lines()[0]).toContain(`found ${found})`);
});

test.each<ListenerName>(['mqtt', 'amqp'])(
  'the log has a line for a client over %s that does not authenticate in time',
  async (listener) => {
    await start({ admissionMs: 400 });
    await endedAfter(listener, '', globalEndpoint);
    expect(lines()).toEqual([
      `127.0.0.1 to listener over ${listener.toUpperCase()}: no successful authentication within 0.4 s → the connection is closed`,
    ]);
  },
);

test('the log has a line for an unreadable HTTP request', async () => {
  await start();
  await endedAfter('https', 'REGISTER dev-1\r\n\r\n', globalEndpoint);
  expect(lines()).toEqual([
    expect.stringMatching(
      /^DPS refused 127\.0\.0\.1 over HTTPS \(HTTP request at global\.\S+\): request-well-formed: .+expected HTTP\/1\.1; found unreadable data: .+\)$/,
    ),
  ]);
});

test('the log has a line for a second CONNECT on a connection to DPS', async () => {
  await start();
  const packet = connectPacket({ clientId: 'dev', username: `${idScope}/registrations/dev/api-version=2019-03-31` });
  await endedAfter('mqtt', Buffer.concat([packet, packet]), globalEndpoint);
  expect(lines()).toEqual([
    expect.stringMatching(
      /^DPS refused dev over MQTT .*: request-well-formed: .+found a second CONNECT \[MQTT-3\.1\.0-2\]\)$/,
    ),
  ]);
});

test('the log has a line for a second CONNECT on a connection to a hub', async () => {
  await start();
  const [hub] = hubs;
  const password = hubToken(await createDevice(open, 'dev'), hub, 'dev');
  const packet = connectPacket({ clientId: 'dev', username: `${hub}/dev/?api-version=2021-04-12`, password });
  await endedAfter('mqtt', Buffer.concat([packet, packet]), hub);
  expect(lines()).toContainEqual(
    expect.stringMatching(
      /^hub-eu\.\S+ refused dev over MQTT .*: hub-request-well-formed: .+found a second CONNECT \[MQTT-3\.1\.0-2\]\)$/,
    ),
  );
});

describe('the log has a line for a client over MQTT that', () => {
  const user = `${idScope}/registrations/dev/api-version=2019-03-31`;
  const [hub] = hubs;

  /** Connects to DPS, sends packets, and waits until DPS has answered the last one, a PINGREQ, or has ended the connection. */
  async function atDps(...packets: readonly Buffer[]): Promise<void> {
    await start();
    const client = await RawMqtt.open(open.cloud);
    onTestFinished(() => client.close());
    expect(await client.connect({ clientId: 'dev', username: user })).toBe(0);
    client.send(...packets);
    await client.flush();
  }

  async function atHub(
    packets: readonly Buffer[],
    query = '?api-version=2021-04-12',
    keepalive = 60,
  ): Promise<RawMqtt> {
    await start();
    const password = hubToken(await createDevice(open, 'dev'), hub, 'dev');
    const client = await RawMqtt.open(open.cloud);
    onTestFinished(() => client.close());
    expect(await client.connect({ clientId: 'dev', username: `${hub}/dev/${query}`, password, keepalive })).toBe(0);
    client.send(...packets);
    await client.flush();
    return client;
  }

  const inLine = (text: string) => expect.stringContaining(text) as unknown;
  const twinResponses = ['$iothub/twin/res/#', 0] as const;

  test('subscribes to a filter that DPS refuses', async () => {
    await atDps(subscribePacket(1, ['$dps/registrations/+/#', 0]));
    expect(lines()).toContainEqual(
      inLine(
        `DPS refused dev (MQTT subscription): ${malformed} (expected $dps/registrations/res/#; found $dps/registrations/+/#)`,
      ),
    );
  });

  test('subscribes to a filter that a hub refuses', async () => {
    await atHub([subscribePacket(1, ['devices/other/messages/devicebound/#', 0])]);
    expect(lines()).toContainEqual(
      inLine(
        '(expected devices/dev/messages/devicebound/# or a documented filter of twins, methods or certificate requests; found devices/other/messages/devicebound/#)',
      ),
    );
  });

  test('subscribes at a hub to twins without an api-version', async () => {
    await atHub([subscribePacket(1, twinResponses)], '');
    expect(lines()).toContainEqual(inLine('expected an api-version in the user name'));
  });

  test('has more than five subscriptions at a hub', async () => {
    const filters = [
      'devices/dev/messages/devicebound/#',
      'devices/+/messages/devicebound/#',
      '$iothub/methods/POST/#',
      '$iothub/methods/#',
      '$iothub/twin/#',
      '$iothub/twin/res/#',
    ];
    await atHub(filters.map((filter, at) => subscribePacket(at + 1, [filter, 0])));
    expect(lines()).toContainEqual(inLine('(expected at most 5 subscriptions; found $iothub/twin/res/#)'));
  });

  test('registers at DPS without a subscription to the answer', async () => {
    await atDps(publishPacket('$dps/registrations/PUT/iotdps-register/?$rid=1', '{}'));
    expect(lines()).toContainEqual(
      'dev to DPS over MQTT: PUBLISH $dps/registrations/PUT/iotdps-register/?$rid=1 → no answer, because the client has no subscription to $dps/registrations/res/#',
    );
  });

  test('reads its twin without a subscription to the answer', async () => {
    await atHub([publishPacket('$iothub/twin/GET/?$rid=1', '')]);
    expect(lines()).toContainEqual(inLine('no answer, because the device has no subscription to $iothub/twin/res/#'));
  });

  test('writes a twin that the hub refuses', async () => {
    await atHub([
      subscribePacket(1, twinResponses),
      publishPacket('$iothub/twin/PATCH/properties/reported/?$rid=2', '{'),
    ]);
    expect(lines()).toContainEqual(inLine('PUBLISH $iothub/twin/res/400/?$rid=2 {"errorCode":400006'));
  });

  test('sends telemetry of more than 256 KB', async () => {
    await atHub([publishPacket('devices/dev/messages/events/', 'x'.repeat(256 * 1024 + 1), 1, 5)]);
    expect(lines()).toContainEqual(expect.stringMatching(/^dev to hub-eu.+ → 413001 MessageTooLarge$/));
  });

  test('sends a register message of more than 96 KB', async () => {
    await atDps(
      subscribePacket(1, ['$dps/registrations/res/#', 0]),
      publishPacket('$dps/registrations/PUT/iotdps-register/?$rid=1', `{"payload":"${'x'.repeat(96 * 1024)}"}`),
    );
    expect(lines()).toContainEqual(
      expect.stringMatching(/^dev to DPS over MQTT: PUBLISH .+…x+"\} → 413 \{"errorCode":413001,/),
    );
  });

  const withoutFilters = Buffer.from([0x82, 2, 0, 1]);

  test('sends DPS a packet that is not valid', async () => {
    await atDps(withoutFilters);
    expect(lines()).toContainEqual(inLine('(expected MQTT 3.1.1; found an unreadable packet: '));
  });

  test('sends a hub a packet that is not valid', async () => {
    await atHub([withoutFilters]);
    expect(lines()).toContainEqual(inLine('(expected MQTT 3.1.1 at QoS 0 or 1; found an unreadable packet: '));
  });

  test('sends nothing within 1.5 times its keep-alive', async () => {
    const client = await atHub([], undefined, 1);
    expect(await client.next()).toEqual({ kind: 'closed' });
    expect(lines().filter((line) => !line.includes(' accepted '))).toEqual([
      `dev to ${hub} over MQTT: no packet within 1.5 times the keep-alive → the connection is closed`,
    ]);
  });
});

test('the log has the error of a request that passed all checks', async () => {
  await start();
  const keys = symmetricKeys();
  open.cloud.operator.putEnrollment(individual('dev', keys));
  const path = `/${idScope}/registrations/dev?api-version=2021-06-01`;
  const headers = { Authorization: dpsToken(keys.primaryKey, 'dev') };
  const answer = await ask(open.cloud, { method: 'POST', path, headers, body: '{}' });
  expect(answer.status).toBe(404);
  expect(lines()).toEqual([
    expect.stringMatching(/^DPS accepted dev over HTTPS \(status lookup\)/),
    expect.stringContaining('→ 404 {"errorCode":404201'),
  ]);
});

test('the log says that a request has no credential', async () => {
  await start();
  const path = `/${idScope}/registrations/dev/register?api-version=2021-06-01`;
  await ask(open.cloud, { method: 'PUT', path, body: '{}' });
  expect(lines()).toEqual([
    expect.stringContaining(
      '(expected an enrollment for dev; found none, and no token or client certificate for a group)',
    ),
  ]);
});

test('the log says which api-version a link of AMQP to DPS has', async () => {
  await start();
  const properties = { 'com.microsoft:api-version': '1999-01-01' };
  await expect(AmqpClient.open(open.cloud, 'dev', { properties })).rejects.toThrow('refused');
  expect(lines()).toContainEqual(
    expect.stringContaining(`found ${idScope}/registrations/dev, api-version 1999-01-01)`),
  );
});

test('the log names the host of a request for a hub that the cloud does not have', async () => {
  await start();
  const path = '/devices/dev/messages/events?api-version=2021-04-12';
  const headers = { Host: 'hub-xx.azure-devices.net' };
  expect((await ask(open.cloud, { method: 'POST', path, headers, body: '{}' })).status).toBe(404);
  expect(lines()).toEqual([
    'hub-xx.azure-devices.net refused dev over HTTPS: hub-known: the host is not a hub of this service (expected a linked hub; found hub-xx.azure-devices.net)',
  ]);
});

test.each(['GET / HTTP/1.1\r\n\r\n', 'AMQP\0\u0001\0\0'])(
  'the log has the text of a client that sends %j over MQTT',
  async (text) => {
    await start();
    await endedAfter('mqtt', text, globalEndpoint);
    expect(lines()).toEqual([
      expect.stringContaining(
        `found the text "${text.slice(0, text.startsWith('AMQP') ? 4 : 14)}" of another protocol)`,
      ),
    ]);
  },
);
