import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createWebSocketStream, WebSocket } from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import { builtProgram } from '../../../built-program.ts';
import { AmqpClient, jsonOf } from '../../clients/amqp-client.ts';
import { derivedKey, dpsToken, group, hubToken, symmetricKeys } from '../../clients/credentials.ts';
import { pollAt, registerAt } from '../../clients/device-at-listener.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { pemOf } from '../../clients/raw-https.ts';
import { publishPacket, RawMqtt } from '../../clients/raw-mqtt.ts';
import type { Reachable } from '../../clients/reachable.ts';

const keys = symmetricKeys();
const [hub] = hubs;
const opened: OpenCloud[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(opened.splice(0).map(({ cloud }) => cloud.close()));
});

async function cloudWith(groupKeys: ReturnType<typeof symmetricKeys>, scope: string = idScope): Promise<OpenCloud> {
  const open = await openCloud({ assignmentMs: 0, idScope: scope });
  opened.push(open);
  const terms = { allocationPolicy: 'static', hubs: [hub] } as const;
  open.cloud.operator.putEnrollmentGroup(group('line', groupKeys, terms));
  return open;
}

const shownBy = (id: string, key = keys.primaryKey, scope: string = idScope) => ({
  token: dpsToken(derivedKey(key, id), id, { scope }),
  scope,
});

async function overWebSocket({ cloud }: OpenCloud, id: string): Promise<unknown> {
  const trust = { ca: pemOf(cloud.serverRoot), servername: globalEndpoint };
  const socket = new WebSocket(`wss://127.0.0.1:${cloud.ports.https}/$iothub/websocket`, 'AMQPWSB10', trust);
  const login = { username: `${idScope}/registrations/${id}`, password: shownBy(id).token };
  const device = await AmqpClient.open(cloud, id, { ...login, stream: createWebSocketStream(socket), limitMs: 15_000 });
  const answer = jsonOf(await device.register({}));
  await device.close();
  return answer;
}

/** Registers a device over HTTPS, connects it to its hub and sends a message, which the hub acknowledges. Returns the registration. */
async function toItsHub(open: OpenCloud, id: string): Promise<unknown> {
  const { body } = await registerAt('https', open, id, shownBy(id));
  const device = await RawMqtt.open(open.cloud, undefined, 15_000);
  const username = `${hub}/${id}/?api-version=2021-04-12`;
  const password = hubToken(derivedKey(keys.primaryKey, id), hub, id);
  expect(await device.connect({ clientId: id, username, password })).toBe(0);
  device.send(publishPacket(`devices/${id}/messages/events/`, '{"t":1}', 1, 7));
  expect((await device.next()).kind).toBe('puback');
  device.close();
  return body;
}

test('every listener answers two hundred clients at once', async () => {
  const open = await cloudWith(keys);
  const ways: readonly ((id: string) => Promise<unknown>)[] = [
    async (id) => (await registerAt('https', open, id, shownBy(id))).body,
    async (id) => (await registerAt('mqtt', open, id, shownBy(id))).body,
    async (id) => (await registerAt('amqp', open, id, shownBy(id))).body,
    (id) => overWebSocket(open, id),
    (id) => toItsHub(open, id),
  ];
  const answers = await Promise.all(
    Array.from(
      { length: 200 },
      (_, at) => ways[at % ways.length]?.(`dev-${at}`) ?? Promise.reject(new Error('no way')),
    ),
  );
  const operations = new Set(answers.map((answer) => (answer as { operationId: string }).operationId));
  expect(answers).toEqual(
    Array.from({ length: 200 }, () => expect.objectContaining({ status: 'assigning' }) as unknown),
  );
  expect(operations.size).toBe(200);
});

describe('two clouds are independent', () => {
  test('in one process: neither cloud finds an enrollment, an operation or the ID scope of the other cloud', async () => {
    const otherKeys = symmetricKeys();
    const otherScope = '0ne00000B2C';
    const [one, other] = [await cloudWith(keys), await cloudWith(otherKeys, otherScope)];
    const accepted = await registerAt('https', one, 'dev', shownBy('dev'));
    const { operationId } = accepted.body as { operationId: string };
    const asOther = shownBy('dev', otherKeys.primaryKey, otherScope);
    expect((await pollAt('https', other, 'dev', asOther, operationId)).status).toBe(404);
    expect((await registerAt('https', other, 'dev', shownBy('dev', keys.primaryKey, otherScope))).status).toBe(401);
    expect((await registerAt('https', other, 'dev', shownBy('dev'))).status).toBe(404);
    expect((await registerAt('https', other, 'dev', asOther)).status).toBe(202);
    await opened.shift()?.cloud.close();
    expect((await registerAt('mqtt', other, 'dev', asOther)).status).toBe(202);
  });

  test('in two processes: one cloud still serves devices after the other cloud is killed', async () => {
    const [one, other] = await Promise.all([startProcess(), startProcess()]);
    for (const { cloud, key } of [one, other]) {
      expect((await registerAt('https', { cloud }, 'dev', shownBy('dev', key))).status).toBe(202);
      expect((await registerAt('mqtt', { cloud }, 'dev', shownBy('dev', key))).status).toBe(202);
    }
    expect((await registerAt('https', other, 'dev', shownBy('dev', one.key))).status).toBe(401);
    const ended = new Promise((done) => {
      one.child.once('exit', done);
    });
    one.child.kill('SIGKILL');
    await ended;
    await expect(registerAt('https', one, 'dev', shownBy('dev', one.key))).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    expect((await registerAt('amqp', other, 'dev', shownBy('dev', other.key))).status).toBe('answer');
  });
});

interface CloudProcess {
  readonly child: ChildProcess;
  /** The addresses and keys that a client needs. */
  readonly cloud: Reachable;
  readonly key: Buffer;
}

async function startProcess(): Promise<CloudProcess> {
  const script = await builtProgram(`import './test/mocks/clients/cloud-process.ts';`);
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const { ports, root, key } = JSON.parse(line) as { ports: Reachable['ports']; root: string; key: string };
    const cloud = { ports, serverRoot: Buffer.from(root, 'base64') };
    return { child, cloud, key: Buffer.from(key, 'base64') };
  }
  throw new Error('the process of a cloud ended before it was open');
}
