import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { Ready } from '../../../cli/serve/ready.ts';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { connectPacket } from '../../mocks/clients/raw-mqtt.ts';
import { registerByKey, secret, startLabWithDescriptors } from './lab-process.ts';

const lab = 'cloud: { assignment: PT0S, enrollmentGroups: { devices: { symmetricKey: true } } }';

test('a lab without free file descriptors warns once, ends the oldest unauthenticated connections, and serves clients that authenticate', async () => {
  const serving = await startLabWithDescriptors(100, { 'lab.yaml': lab }, ['lab.yaml']);
  const { ready } = serving;
  const group = await secret(ready, 'devices primaryKey');
  const isIn = async (id: string): Promise<void> => {
    const answer = await registerByKey(ready, id, deriveDeviceKey(group, id));
    expect(answer).toMatchObject({ status: 200, body: { status: 'assigned' } });
  };
  await isIn('before');
  const held: TLSSocket[] = [];
  // Opens more connections than the lab has file descriptors, and registers a valid client after every 50 connections.
  for (let at = 0; at < 150; at++) {
    held.push(await holdMqtt(ready, at));
    if (at % 50 === 49) await isIn(`during-${at}`);
  }
  expect(await serving.warned('ulimit -n')).toMatch(
    /^warning: \d+ of 100 file descriptors are in use; the listener ends the oldest unauthenticated connections/,
  );
  // The lab has closed the oldest connections, and the newest connections are open.
  expect(held[0]?.readableEnded).toBe(true);
  expect(held.at(-1)?.readableEnded).toBe(false);
  for (const socket of held) socket.destroy();
  await isIn('after');
  const { exitCode, stderr } = await serving.end();
  expect(exitCode).toBe(0);
  expect(stderr.match(/file descriptors/g)).toHaveLength(1);
});

/** Connects with a wrong token and without keep-alive, and stays connected: DPS answers with CONNACK 0. */
async function holdMqtt({ ports, hosts, ca, idScope }: Ready, at: number): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port: ports.mqtt,
    servername: hosts.device,
    ca: readFileSync(ca),
  });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const id = `held-${at}`;
  const username = `${idScope}/registrations/${id}/api-version=2019-03-31`;
  socket.write(
    connectPacket({ clientId: id, username, password: 'SharedAccessSignature sr=x&sig=x&se=1', keepalive: 0 }),
  );
  await once(socket, 'data');
  return socket.resume();
}
