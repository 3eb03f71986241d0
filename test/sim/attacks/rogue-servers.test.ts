import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { RogueServers } from '../../../sim/world/attacker/rogue-servers.ts';
import { playText } from '../play.ts';

const host = 'somewhere.example';
let servers: RogueServers;
let heard: string[];

beforeEach(() => {
  servers = new RogueServers();
  heard = [];
});

afterEach(() => servers.close());

const hear = (token: string): void => void heard.push(token);

async function selfSigned(): Promise<{ readonly chainPem: string; readonly keyPem: string }> {
  const keys = await generateKeyPair('P-256');
  const { pem, privateKeyPem } = await mintCertificate({
    subject: { commonName: host },
    keys,
    notBefore: 0,
    notAfter: Date.UTC(2100, 0),
    dnsNames: [host],
  });
  return { chainPem: pem, keyPem: privateKeyPem };
}

describe('a rogue server', () => {
  test('answers only for its host and its protocol', async () => {
    await servers.open(host, { hear });
    expect(servers.port(host, 'mqtt', true)).toBeGreaterThan(0);
    expect(servers.port(host, 'mqtt', false)).toBeUndefined();
    expect(servers.port(host, 'https', false)).toBeUndefined();
    expect(servers.port('elsewhere.example', 'mqtt', true)).toBeUndefined();
  });

  test.each(['\0\0\0\0', 'GET / HTTP/1.1\r\n\r\n', '\x10\xff\xff\xff\x7f'])(
    'without TLS still works after the input %j',
    async (noise) => {
      await servers.open(host, { hear });
      const socket = connect({ host: '127.0.0.1', port: servers.port(host, 'mqtt', true) ?? 0 });
      socket.on('error', () => {});
      socket.end(noise, 'latin1');
      await leave(socket);
      expect(heard).toEqual([]);
      expect(servers.port(host, 'mqtt', true)).toBeGreaterThan(0);
    },
  );

  test('with TLS reads the token of a client after another client left during the handshake', async () => {
    await servers.open(host, { hear, identity: await selfSigned() });
    const port = servers.port(host, 'https', false) ?? 0;
    const noise = connect({ host: '127.0.0.1', port });
    noise.on('error', () => {});
    noise.end('no handshake at all');
    await leave(noise);
    const socket = connectTls({ host: '127.0.0.1', port, servername: host, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.write(`PUT / HTTP/1.1\r\nHost: ${host}\r\nAuthorization: a token\r\nContent-Length: 0\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 401 /);
    expect(heard).toEqual(['a token']);
  });

  test('closes all its connections when it is closed', async () => {
    await servers.open(host, { hear });
    const socket = connect({ host: '127.0.0.1', port: servers.port(host, 'mqtt', true) ?? 0 });
    await once(socket, 'connect');
    const left = leave(socket);
    await servers.close();
    await left;
    expect(servers.port(host, 'mqtt', true)).toBeUndefined();
  });
});

async function leave(socket: Socket): Promise<void> {
  socket.resume();
  await once(socket, 'close');
}

test('connections of the attacker reach the real DPS, not the rogue server', async () => {
  const [run] = await playText(`
title: The attacker reaches the real DPS
devices:
  boiler: { attestation: symmetricKey, transport: https }
timeline:
  - enroll: boiler
  - install-key: boiler
  - steal-key: { device: boiler, as: key }
  - impersonate-service: heard
  - impersonate: { device: boiler, with: key }
    expect: { assigned: hub-eu }
  - power-on: boiler
    expect: { refused: server-certificate-trusted }
`);
  expect(run?.verdict).toMatchObject({ kind: 'pass' });
});

test('a rogue server with `tls: false` is rejected for a device with `transport: https`', async () => {
  const [run] = await playText(`
title: No port 1883 for HTTPS
devices:
  boiler: { attestation: symmetricKey, transport: https }
timeline:
  - flash-config: { device: boiler, tls: false }
  - power-on: boiler
    expect: { refused: true }
`);
  expect(run?.verdict.reason).toContain('boiler has transport: https, but `tls: false` needs `transport: mqtt`');
});
