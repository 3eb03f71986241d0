import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import { Random } from '../../../../core/random.ts';
import { clientTimeoutsOf } from '../../../../mocks/listeners/shared/client-timeouts.ts';
import { ServerRoots, type ServerIdentity } from '../../../../mocks/listeners/shared/server-identity.ts';
import { rootPlan } from '../../../../mocks/tls/root-plan.ts';
import { settingsBeforeIdentity, useIdentity } from '../../../../mocks/listeners/shared/tls.ts';

const timeouts = clientTimeoutsOf({});
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(identity: ServerIdentity) {
  const server = createServer(settingsBeforeIdentity(timeouts), (socket) => socket.end());
  servers.push(server);
  const loaded = vi.spyOn(server, 'setSecureContext');
  useIdentity(server, identity, timeouts);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, loaded };
}

/** Returns the SHA-256 of the certificate that the server sends. */
async function certificateOf(server: Server): Promise<string> {
  const socket = connect({
    port: (server.address() as AddressInfo).port,
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
  const first = roots.identity;
  return [first, (await roots.replace('two', false)) ?? expect.fail('no second root')];
}

test('a server loads its certificate at the first connection, and only once', async () => {
  const [first] = await identities();
  const { server, loaded } = await listening(first);
  expect(loaded).not.toHaveBeenCalled();
  const sent = await certificateOf(server);
  expect(await certificateOf(server)).toBe(sent);
  expect(loaded).toHaveBeenCalledTimes(1);
});

test('after a change of the server certificate, the next connection gets the new one, even if the server has not loaded the old one', async () => {
  const [first, second] = await identities();
  const [unused, used, other] = [await listening(first), await listening(first), await listening(second)];
  const former = await certificateOf(used.server);
  useIdentity(unused.server, second, timeouts);
  useIdentity(used.server, second, timeouts);
  const wanted = await certificateOf(other.server);
  expect(wanted).not.toBe(former);
  expect(await certificateOf(unused.server)).toBe(wanted);
  expect(await certificateOf(used.server)).toBe(wanted);
  expect(unused.loaded).toHaveBeenCalledTimes(1);
  expect(used.loaded).toHaveBeenCalledTimes(2);
});
