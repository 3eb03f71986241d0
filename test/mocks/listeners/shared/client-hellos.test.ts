import { once } from 'node:events';
import { connect as tcpConnect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import { defaultFidelity } from '../../../../core/cloud/fidelity.ts';
import type { HistoryEvent } from '../../../../core/history/events.ts';
import { hubs, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';

const listeners = ['https', 'mqtt', 'amqp'] as const;
type Listener = (typeof listeners)[number];

let open: OpenCloud;
beforeAll(async () => {
  open = await openCloud();
});
afterAll(() => open.cloud.close());

/** Makes a handshake that succeeds or fails, and returns the events that it caused. */
async function shake(
  listener: Listener,
  options: ConnectionOptions,
  { cloud, history } = open,
): Promise<readonly HistoryEvent[]> {
  const before = history.events().length;
  const socket = connect({ rejectUnauthorized: false, host: '127.0.0.1', port: cloud.ports[listener], ...options });
  const error = await new Promise<unknown>((done) =>
    socket.once('secureConnect', () => done(undefined)).once('error', done),
  );
  socket.destroy();
  if (error !== undefined) await once(socket, 'close');
  return history.events().slice(before);
}

/** Returns a stream that passes what a TLS client sends first, its ClientHello, to a socket, and nothing back. */
function clientHelloTo(socket: Socket): Duplex {
  return new Duplex({
    read: () => {},
    write: (octets: Buffer, _encoding, done) => {
      socket.write(octets, () => done());
    },
  });
}

const decisionIn = (events: readonly HistoryEvent[]) => events.find(({ kind }) => kind === 'decision');
const weak = 'ALL:@SECLEVEL=0';

describe.each(listeners)('the listener of %s', (listener) => {
  test('records the ClientHello of each client, and records no decision if the handshake succeeds', async () => {
    const events = await shake(listener, {
      servername: hubs[0],
      ciphers: `ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305`,
      maxVersion: 'TLSv1.2',
      ecdhCurve: listener === 'https' ? 'P-256' : listener === 'mqtt' ? 'P-384' : 'X25519',
    });
    expect(events).toEqual([
      {
        at: expect.any(Number),
        kind: 'client-hello',
        door: listener,
        from: '127.0.0.1',
        host: hubs[0],
        digest: expect.stringMatching(/^[0-9a-f]{16}$/),
        hello: expect.objectContaining({
          serverName: hubs[0],
          versions: ['TLS 1.2'],
          cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
        }),
      },
    ]);
  });

  test('records a digest instead of the details if a ClientHello equals an earlier one except for the host name', async () => {
    const options = {
      ciphers: 'ECDHE-RSA-AES256-GCM-SHA384',
      ecdhCurve: 'X25519',
      sigalgs: `rsa_pkcs1_sha256:rsa_pss_rsae_sha${listener === 'https' ? 256 : listener === 'mqtt' ? 384 : 512}`,
    };
    const [first] = await shake(listener, { ...options, servername: hubs[0] });
    const [second] = await shake(listener, { ...options, servername: globalEndpoint });
    expect(first).toHaveProperty('hello');
    const { digest } = first as HistoryEvent & { kind: 'client-hello' };
    expect(second).toEqual({
      at: first?.at,
      kind: 'client-hello',
      door: listener,
      from: '127.0.0.1',
      host: globalEndpoint,
      digest,
    });
  });

  test.each([
    [
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: weak },
      'tls-version-supported',
      'TLS 1.2',
      'TLS 1.1 as the newest version',
    ],
    [{ minVersion: 'TLSv1.3' }, 'tls-version-supported', 'TLS 1.2', 'TLS 1.3'],
    [
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
      'tls-suite-supported',
      'TLS 1.2 with TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 or',
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    ],
    [
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', ecdhCurve: 'brainpoolP256r1' },
      'tls-parameters-supported',
      'one of the groups x25519',
      'brainpoolP256r1',
    ],
  ] as const)('refuses the TLS options %j with a decision and an alert', async (options, check, expected, found) => {
    for (const [host, judge] of [
      [globalEndpoint, 'dps'],
      [hubs[0], 'hub'],
    ] as const) {
      expect(decisionIn(await shake(listener, { ...options, servername: host }))).toMatchObject({
        judge,
        subject: '127.0.0.1',
        from: '127.0.0.1',
        about: `TLS handshake over ${listener.toUpperCase()} at ${host}`,
        checks: [
          { check: 'tls-server-name-known', passed: true },
          { check, passed: false, expected: expect.stringContaining(expected), found: expect.stringContaining(found) },
        ],
      });
    }
  });

  test('records a failed handshake for octets that are not TLS, and for a connection that ends inside its ClientHello', async () => {
    for (const [octets, found] of [
      [
        'GET / HTTP/1.1\r\n\r\n',
        'octet 71 (a letter, as at the beginning of an HTTP request without TLS) instead of a TLS handshake record',
      ],
      ['\x16\x03\x01\x02\x00\x01', 'the client closed the connection after 6 octets'],
    ] as const) {
      const before = open.history.events().length;
      const socket = tcpConnect(open.cloud.ports[listener], '127.0.0.1');
      socket.on('error', () => {}).resume();
      socket.end(Buffer.from(octets, 'latin1'));
      await once(socket, 'close');
      const events = open.history.events().slice(before);
      expect(decisionIn(events)).toMatchObject({
        judge: 'dps',
        about: `TLS handshake over ${listener.toUpperCase()} without a server name`,
        checks: [{ check: 'tls-handshake-completed', found: expect.stringContaining(found) }],
      });
      expect(events).toHaveLength(1);
    }
  });

  test('records the alert of a client that closes the connection without reading the rest of the handshake', async () => {
    const before = open.history.events().length;
    const socket = tcpConnect(open.cloud.ports[listener], '127.0.0.1');
    // The ClientHello of a client of OpenSSL, which stops at the certificate.
    const client = connect({ socket: clientHelloTo(socket), servername: hubs[0] }).on('error', () => {});
    await once(socket, 'readable');
    socket.write(Buffer.from('15030300020230', 'hex'), () => socket.destroy());
    await once(socket, 'close');
    client.destroy();
    await expect.poll(() => decisionIn(open.history.events().slice(before))).toBeDefined();
    expect(decisionIn(open.history.events().slice(before))).toMatchObject({
      checks: [
        {
          check: 'tls-handshake-completed',
          found:
            'the client ended the handshake with the alert unknown ca: the client does not trust the root of the server certificate',
        },
      ],
    });
  });

  test('records nothing for a client that opens a connection and sends nothing', async () => {
    const before = open.history.events().length;
    const socket = tcpConnect(open.cloud.ports[listener], '127.0.0.1');
    socket.resume().end();
    await once(socket, 'close');
    expect(open.history.events().slice(before)).toEqual([]);
  });

  test('refuses an unknown or missing server name only if `serverNameIndication` is `required`', async () => {
    const strict = await openCloud({ fidelity: { ...defaultFidelity, serverNameIndication: 'required' } });
    try {
      for (const servername of ['', 'elsewhere.example', 'unknown-hub.azure-devices.net']) {
        expect(decisionIn(await shake(listener, { servername }))).toBeUndefined();
        expect(decisionIn(await shake(listener, { servername }, strict))).toMatchObject({
          checks: [{ check: 'tls-server-name-known', passed: false, found: servername || 'no server name' }],
        });
      }
      expect(decisionIn(await shake(listener, { servername: hubs[1] }, strict))).toBeUndefined();
    } finally {
      await strict.cloud.close();
    }
  });
});
