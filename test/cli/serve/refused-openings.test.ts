import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { LogEntries } from '../../../cli/serve/watch/log-entries.ts';
import type { ClientTimeouts } from '../../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import type { ListenerName } from '../../../core/wire/listener-ports.ts';
import { hubToken } from '../../mocks/clients/credentials.ts';
import { createDevice } from '../../mocks/clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../../mocks/clients/open-cloud.ts';
import { amqpHeader } from '../../mocks/clients/raw-amqp.ts';
import { pemOf } from '../../mocks/clients/raw-https.ts';
import { connectPacket } from '../../mocks/clients/raw-mqtt.ts';

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
