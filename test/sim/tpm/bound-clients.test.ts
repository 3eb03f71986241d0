import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { bridgeBounds, boundClients, type ClientBounds } from '../../../sim/tpm/bound-clients.ts';

/** Starts an echo server with limits for its clients. Returns a function that connects to the server. */
async function serverWith(bounds: Partial<ClientBounds>): Promise<() => Promise<Socket>> {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  boundClients(server, 'the TPM port 2321', { ...bridgeBounds, ...bounds });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const open: Socket[] = [];
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    open.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
}

async function echo(socket: Socket): Promise<string> {
  socket.write('a command');
  const [octets] = (await once(socket, 'data')) as [Buffer];
  return octets.toString();
}

test('`boundClients` accepts a client above the limit, ends the connection that was idle longest, and warns once', async () => {
  const warnings: string[] = [];
  const open = await serverWith({ limit: 3, warn: (sentence) => warnings.push(sentence) });
  const [first, second, third] = [await open(), await open(), await open()];
  for (const socket of [first, second, third]) await echo(socket);
  // The client used the first connection again, so the second connection has been idle longest.
  await echo(first);
  const ends = Promise.all([once(second.resume(), 'close'), once(third.resume(), 'close')]);
  const [fourth, fifth] = [await open(), await open()];
  expect(await echo(fourth)).toBe('a command');
  expect(await echo(fifth)).toBe('a command');
  await ends;
  expect(await echo(first)).toBe('a command');
  expect(warnings).toEqual([expect.stringMatching(/^the TPM port 2321 has more than 3 connections/)]);
});

test('`boundClients` ends a connection that has sent no octet sooner than an idle connection that has sent octets', async () => {
  const open = await serverWith({ silentMs: 300, idleMs: 600_000 });
  const user = await open();
  await echo(user);
  const silent = await open();
  await once(silent.resume(), 'close');
  expect(await echo(user)).toBe('a command');
});

test('`boundClients` ends a connection that is idle for too long after its first octet', async () => {
  const open = await serverWith({ silentMs: 600_000, idleMs: 300 });
  const user = await open();
  await echo(user);
  await once(user.resume(), 'close');
});
