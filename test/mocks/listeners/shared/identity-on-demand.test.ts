import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { connect, Server } from 'node:tls';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Random } from '../../../../core/random.ts';
import { clientTimeoutsOf } from '../../../../mocks/listeners/shared/client-timeouts.ts';
import { ServerRoots, type ServerIdentity } from '../../../../mocks/listeners/shared/server-identity.ts';
import { shakeHands } from '../../../../mocks/listeners/shared/shake-hands.ts';
import { rootPlan } from '../../../../mocks/tls/root-plan.ts';

const timeouts = clientTimeoutsOf({});
const listeners: TcpServer[] = [];
const loaded = vi.spyOn(Server.prototype, 'setSecureContext');

beforeEach(() => {
  loaded.mockClear();
});

afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close();
});

/** Opens a listener. `use` changes its certificate. */
async function listening(first: ServerIdentity) {
  let identity = first;
  const listener = createServer((socket) =>
    shakeHands(socket, identity, 'everything', timeouts, { onSecure: (secure) => secure.end(), onFailed: () => {} }),
  );
  listeners.push(listener);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return { listener, use: (next: ServerIdentity) => (identity = next) };
}

/** Returns the SHA-256 of the certificate that the listener sends. */
async function certificateOf({ listener }: { readonly listener: TcpServer }): Promise<string> {
  const socket = connect({
    port: (listener.address() as AddressInfo).port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

async function identities(): Promise<readonly [ServerIdentity, ServerIdentity]> {
  const leaf = { serverKey: 'P-256', names: [] } as const;
  const roots = await ServerRoots.open(
    undefined,
    rootPlan(undefined, ['one', 'two'], 'P-256'),
    leaf,
    new Random('identity'),
  );
  const { identity } = roots;
  // A copy, because the servers of an identity stay for all tests of this process.
  return [{ ...identity }, (await roots.replace('two', false)) ?? expect.fail('no second root')];
}

test('a certificate is loaded at the first connection, and only once for all listeners that use it', async () => {
  const [first] = await identities();
  const [one, other] = [await listening(first), await listening(first)];
  expect(loaded).not.toHaveBeenCalled();
  const sent = await certificateOf(one);
  expect(await certificateOf(one)).toBe(sent);
  expect(await certificateOf(other)).toBe(sent);
  expect(loaded).toHaveBeenCalledTimes(1);
});

test('after a change of the server certificate, the next connection gets the new one, even if the listener has not loaded the old one', async () => {
  const [first, second] = await identities();
  const [unused, used, other] = [await listening(first), await listening(first), await listening(second)];
  const former = await certificateOf(used);
  unused.use(second);
  used.use(second);
  const wanted = await certificateOf(other);
  expect(wanted).not.toBe(former);
  expect(await certificateOf(unused)).toBe(wanted);
  expect(await certificateOf(used)).toBe(wanted);
  expect(loaded).toHaveBeenCalledTimes(2);
});

test('the failure of a handshake is reported to its own listener', async () => {
  const [first] = await identities();
  const failure = new Promise<string>((onFailed, fail) => {
    const listener = createServer((socket) =>
      shakeHands(socket, first, 'everything', timeouts, {
        onSecure: () => fail(new Error('the handshake succeeded')),
        onFailed: ({ message }) => onFailed(message),
      }),
    );
    listeners.push(listener);
    listener.listen(0, '127.0.0.1', () => {
      // The server has an ECDSA key, which does not fit this suite.
      const suite = { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
      connect({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1', ...suite }).on('error', () => {});
    });
  });
  expect(await failure).toContain('no shared cipher');
});

test('two listeners at one port of different addresses each finish the handshake of a client that uses one port for both', async () => {
  const [identity] = await identities();
  const seen: string[] = [];
  const open = async (host: string, port: number): Promise<number> => {
    const listener = createServer((socket) =>
      shakeHands(socket, identity, 'everything', timeouts, { onSecure: () => seen.push(host), onFailed: () => {} }),
    );
    listeners.push(listener);
    listener.listen(port, host);
    await once(listener, 'listening');
    return (listener.address() as AddressInfo).port;
  };
  const port = await open('127.0.0.2', 0);
  await open('127.0.0.3', port);
  const first = connectTcp({ host: '127.0.0.2', port, localAddress: '127.0.0.1' });
  await once(first, 'connect');
  const second = connectTcp({ host: '127.0.0.3', port, localAddress: '127.0.0.1', localPort: first.localPort });
  await once(second, 'connect');
  for (const tcp of [first, second]) await once(connect({ socket: tcp, rejectUnauthorized: false }), 'secureConnect');
  await vi.waitFor(() => expect(seen.toSorted()).toEqual(['127.0.0.2', '127.0.0.3']));
  for (const tcp of [first, second]) tcp.destroy();
});
