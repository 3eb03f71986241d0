import { once } from 'node:events';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import { snapshotToJson, snapshotFromJson, type CloudSnapshot } from '../../../../core/cloud/snapshot.ts';
import { toPem } from '../../../../core/x509/der/pem.ts';
import { hubs, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';

let open: OpenCloud;
const sockets: TLSSocket[] = [];

beforeEach(async () => {
  open = await openCloud({ serverRoots: ['old', 'new'] });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await open.cloud.close();
});

const doors = ['https', 'mqtt', 'amqp'] as const;

/** Connects to a listener. OpenSSL verifies the server with the named roots, and the call rejects if it does not trust the server. */
async function call(door: (typeof doors)[number], ...trusted: string[]): Promise<TLSSocket> {
  const ca = trusted.map((name) => toPem(open.cloud.serverRoots.get(name) ?? Buffer.alloc(0)));
  const socket = connect({ host: '127.0.0.1', port: open.cloud.ports[door], servername: globalEndpoint, ca });
  sockets.push(socket);
  await once(socket, 'secureConnect');
  return socket;
}

describe.each(doors)('the server certificate of %s', (door) => {
  test('chains to the first root until another root replaces it', async () => {
    await expect(call(door, 'new')).rejects.toThrow(/self-signed|unable to get|verify/);
    await call(door, 'old');
    expect(await open.cloud.operator.replaceServerRoot('new')).toMatchObject({ ok: true });
    await call(door, 'new');
    await expect(call(door, 'old')).rejects.toThrow(/self-signed|unable to get|verify/);
  });

  test('is trusted by clients that trust only the former root, if the new root has a cross-certificate', async () => {
    await open.cloud.operator.replaceServerRoot('new', { crossSigned: true });
    await call(door, 'old');
    await call(door, 'new');
  });
});

test('a listener keeps open connections when its server root changes', async () => {
  const socket = await call('https', 'old');
  await open.cloud.operator.replaceServerRoot('new');
  const answered = once(socket, 'data');
  socket.write(`GET / HTTP/1.1\r\nHost: ${globalEndpoint}\r\n\r\n`);
  const [answer] = (await answered) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 \d{3} /);
});

test('a cloud refuses to switch to an unknown server root', async () => {
  expect(await open.cloud.operator.replaceServerRoot('other')).toMatchObject({ ok: false });
  await call('mqtt', 'old');
});

test('a cloud that starts from a snapshot still uses the server root of the saved cloud', async () => {
  await open.cloud.operator.replaceServerRoot('new');
  const saved = snapshotFromJson(snapshotToJson(open.cloud.snapshot())) as CloudSnapshot;
  await open.cloud.close();
  open = await openCloud({ saved });
  await call('https', 'new');
  expect([...open.cloud.serverRoots.keys()]).toEqual(['old', 'new']);
  expect(open.cloud.serverRoot).toEqual(open.cloud.serverRoots.get('new'));
});

test('a cloud without named server roots creates one root', async () => {
  const plain = await openCloud();
  expect([...plain.cloud.serverRoots.values()]).toEqual([plain.cloud.serverRoot]);
  await plain.cloud.close();
});

describe('a change of the TLS profile', () => {
  const [baltimore, g2] = ['baltimore-cybertrust-root', 'digicert-global-root-g2'];
  let changing: OpenCloud;
  beforeEach(async () => {
    changing = await openCloud({ tlsProfile: 'azure-2018', serverRoots: [baltimore, g2] });
  });
  afterEach(() => changing.cloud.close());

  /** Connects to a host with one TLS version. Returns `trusted`, or the reason why OpenSSL ended the handshake. */
  async function dial(servername: string, version: SecureVersion, root: string): Promise<string> {
    const ca = toPem(changing.cloud.serverRoots.get(root) ?? Buffer.alloc(0));
    const range = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
    const socket = connect({ host: '127.0.0.1', port: changing.cloud.ports.mqtt, servername, ca, ...range });
    sockets.push(socket);
    return once(socket, 'secureConnect').then(
      () => 'trusted',
      (error: unknown) => (/version/i.test(String(error)) ? 'no common version' : 'not trusted'),
    );
  }

  test('applies to later connections, at hubs and at DPS: they get the TLS versions and the server roots of the new profile', async () => {
    const [hub] = hubs;
    const kept = connect({
      host: '127.0.0.1',
      port: changing.cloud.ports.mqtt,
      servername: hub,
      rejectUnauthorized: false,
    });
    sockets.push(kept);
    await once(kept, 'secureConnect');
    expect(await dial(hub, 'TLSv1', baltimore)).toBe('trusted');
    await changing.cloud.operator.changeTls('azure-2023-10');
    expect(await dial(hub, 'TLSv1', baltimore)).toBe('not trusted');
    expect(await dial(hub, 'TLSv1', g2)).toBe('trusted');
    expect(await dial(globalEndpoint, 'TLSv1.2', baltimore)).toBe('trusted');
    await changing.cloud.operator.changeTls('azure-2025');
    expect(await dial(globalEndpoint, 'TLSv1.2', g2)).toBe('trusted');
    expect(await dial(hub, 'TLSv1.2', g2)).toBe('trusted');
    expect(await dial(hub, 'TLSv1', g2)).toBe('no common version');
    expect(changing.cloud.usedServerRoots).toEqual([changing.cloud.serverRoots.get(g2)]);
    expect(kept.closed).toBe(false);
  });

  test('keeps the server root if the cloud does not have the root of the new profile', async () => {
    await changing.cloud.operator.changeTls('azure-other-root');
    expect(await dial(globalEndpoint, 'TLSv1.2', baltimore)).toBe('trusted');
  });
});
