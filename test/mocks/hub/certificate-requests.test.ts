import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { poll, register } from '../clients/device-wire.ts';
import { expectFit } from '../clients/fit-schema.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { pemOf } from '../clients/raw-https.ts';
import { publishPacket, RawMqtt, unsubscribePacket, type ConnectFields, type Packet } from '../clients/raw-mqtt.ts';
import { makeRequest, type MadeRequest } from '../clients/signing-requests.ts';
import { nextMessage, subscribe } from './mqtt-device.ts';

const [hub] = hubs;
const keys = symmetricKeys();
const answers = '$iothub/credentials/res/#';
const pingreq = Buffer.from([0xc0, 0]);
const telemetry = publishPacket('devices/dev/messages/events/', 'telemetry', 1, 9);
const connections: RawMqtt[] = [];
let open: OpenCloud;
let request: MadeRequest;
let credential: { readonly cert: string; readonly key: string };

beforeAll(async () => {
  request = await makeRequest('/CN=dev');
  open = await openLab();
  credential = await registered(open);
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  // A certificate operation ends after at most twelve hours, so the next test begins without an active operation.
  open.clock.set(open.clock.now() + 13 * 3_600_000);
});
afterAll(() => open.cloud.close());

function openLab(fidelity: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  return openCloud({
    credentialPolicies: { monthly: { validityDays: 90 } },
    assignmentMs: 0,
    fidelity: { ...defaultFidelity, ...fidelity },
  });
}

/** Registers the device with a signing request and returns the issued certificate. */
async function registered({ cloud }: OpenCloud, own = request): Promise<typeof credential> {
  const terms = { allocationPolicy: 'static', hubs: [hub], credentialPolicyName: 'monthly' } as const;
  cloud.operator.putEnrollment({ ...individual('dev', keys), ...terms });
  const shown = { token: dpsToken(keys.primaryKey, 'dev'), body: { csr: own.csr }, apiVersion: '2026-04-01' };
  const accepted = await register(cloud, 'dev', shown);
  const done = await poll(cloud, 'dev', accepted.body?.['operationId'], shown);
  const state = done.body?.['registrationState'] as Record<string, unknown>;
  const chain = (state['issuedCertificateChain'] as string[]).map((each) => Buffer.from(each, 'base64'));
  return { cert: chain.slice(0, 2).map(pemOf).join(''), key: own.keyPem };
}

async function connect(lab = open, own = credential, fields: ConnectFields = {}, version = '2025-08-01-preview') {
  const device = await RawMqtt.open(lab.cloud, own);
  connections.push(device);
  const username = `${hub}/dev/?api-version=${version}`;
  expect(await device.connect({ clientId: 'dev', username, ...fields })).toBe(0);
  return device;
}

async function connectAndSubscribe(fields: ConnectFields = {}): Promise<RawMqtt> {
  const device = await connect(open, credential, fields);
  expect(await subscribe(device, answers)).toEqual([1]);
  return device;
}

const order = (body: unknown, rid = 'r-1') =>
  publishPacket(`$iothub/credentials/POST/issueCertificate/?$rid=${rid}`, raw(body));

function raw(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

interface Answer {
  readonly status: number;
  readonly rid: string;
  readonly body: Record<string, unknown>;
}

/** The schemas of `test/schemas/credentials` by status. Every other status is a refusal. */
const schemaOf: Readonly<Record<number, string>> = { 200: 'issued', 202: 'accepted' };

async function nextAnswer(device: RawMqtt): Promise<Answer> {
  const packet = await nextButPuback(device);
  if (packet.kind !== 'publish') throw new Error(`expected a PUBLISH, got ${packet.kind}`);
  const { topic, text } = packet;
  const read = /^\$iothub\/credentials?\/res\/(\d+)\/\?\$rid=(.*)$/.exec(topic);
  const status = Number(read?.[1]);
  const body = JSON.parse(text) as Record<string, unknown>;
  expectFit(`credentials/${schemaOf[status] ?? 'error'}`, body);
  return { status, rid: read?.[2] ?? topic, body };
}

/**
 * Advances the clock until the certificate is due, and sends a message, because a change of the test clock alone triggers no action of the
 * hub. The hub answers the certificate request before it acknowledges the message.
 */
function issueNow(device: RawMqtt, lab = open): void {
  lab.clock.set(lab.clock.now() + 1000);
  device.send(telemetry);
}

/** Does the same as `issueNow` for a device that is not subscribed to answers, and waits until the hub has issued the certificate. */
async function issueUnheard(device: RawMqtt): Promise<void> {
  issueNow(device);
  expect(await device.next()).toMatchObject({ kind: 'puback', id: 9 });
}

/** Fails if the hub sends an answer before the answer to a ping. */
async function expectSilence(device: RawMqtt): Promise<void> {
  device.send(pingreq);
  expect(await nextButPuback(device)).toEqual({ kind: 'pingresp' });
}

/** Returns the next packet that is not the acknowledgement of a message. */
async function nextButPuback(device: RawMqtt): Promise<Packet> {
  const packet = await device.next();
  return packet.kind === 'puback' && packet.id === 9 ? nextButPuback(device) : packet;
}

describe('a certificate request at a hub', () => {
  test('first gets 202, and gets 200 with leaf, issuing CA and root when the certificate is issued', async () => {
    const device = await connectAndSubscribe();
    device.send(order({ id: 'dev', csr: request.csr }));
    const accepted = await nextAnswer(device);
    const operationExpires = new Date(open.clock.now() + 12 * 3_600_000).toISOString();
    expect(accepted).toEqual({
      status: 202,
      rid: 'r-1',
      body: { correlationId: expect.any(String) as string, operationExpires },
    });
    issueNow(device);
    const done = await nextAnswer(device);
    expect([done.status, done.rid, done.body['correlationId']]).toEqual([200, 'r-1', accepted.body['correlationId']]);
    const chain = (done.body['certificates'] as string[]).map(
      (each) => new X509Certificate(Buffer.from(each, 'base64')),
    );
    expect(chain.map(({ subject }) => subject)).toEqual([
      'CN=dev',
      'CN=Rehearsal Issuing CA monthly',
      'CN=Rehearsal Credential Root (throw-away)',
    ]);
    expect(chain[0]?.checkIssued(chain[1] as X509Certificate)).toBe(true);
    // The connection stays open. The hub requires the new certificate from the next connection on.
    await expectSilence(device);
    const renewed = { cert: chain.slice(0, 2).map(String).join(''), key: request.keyPem };
    await connect(open, renewed);
  });

  test.each([
    ['an empty payload', '', 400004, 'Issue certificate request payload is missing.'],
    ['cut JSON', '{"id":"dev"', 400006, 'cannot decode json format'],
    ['an array', '[]', 400004, "The 'id' field does not match the authenticated device ID."],
    ['an empty csr', { id: 'dev', csr: '' }, 400004, "The 'csr' field is invalid or missing."],
    ['no csr', { id: 'dev' }, 400004, "The 'csr' field is invalid or missing."],
    [
      'a csr over 8 KB',
      { id: 'dev', csr: 'A'.repeat(8196) },
      400004,
      "The 'csr' field exceeds maximum allowed length of 8192 characters.",
    ],
    ['a csr that is not base64', { id: 'dev', csr: '-----BEGIN' }, 400004, "The 'csr' field is not valid base64."],
    [
      'the id of another device',
      { id: 'other', csr: 'AAAA' },
      400004,
      "The 'id' field does not match the authenticated device ID.",
    ],
    ['an empty id', { id: '', csr: 'AAAA' }, 400004, "The 'id' field is invalid or missing."],
    [
      'an unknown field',
      { id: 'dev', csr: 'AAAA', policy: 'x' },
      400004,
      "The request contains an unknown field. Only 'id', 'csr', and 'replace' fields are allowed.",
    ],
    [
      'a replace of three characters',
      { id: 'dev', csr: 'AAAA', replace: 'abc' },
      400004,
      "The 'replace' field has an invalid format.",
    ],
    [
      'a replace with a final hyphen',
      { id: 'dev', csr: 'AAAA', replace: 'abcd-' },
      400004,
      "The 'replace' field has an invalid format.",
    ],
  ])('with %s is refused', async (_name, body, errorCode, message) => {
    const device = await connectAndSubscribe();
    device.send(order(body));
    const { status, body: answer } = await nextAnswer(device);
    expect([status, answer['errorCode'], answer['message'], answer['info']]).toEqual([400, errorCode, message, null]);
    expect(open.lastVerdict()).toBe('hub hub-request-well-formed');
    await expectSilence(device);
  });

  test.each([
    ['no PKCS #10 structure', async () => 'AAAA'],
    ['the name of another device', async () => (await makeRequest('/CN=other')).csr],
  ])('for %s is accepted and fails later', async (_name, makeCsr) => {
    const device = await connectAndSubscribe();
    device.send(order({ id: 'dev', csr: await makeCsr() }));
    expect((await nextAnswer(device)).status).toBe(202);
    issueNow(device);
    const { status, body } = await nextAnswer(device);
    expect([status, body['errorCode']]).toEqual([400, 400040]);
    expect(body['info']).toMatchObject({
      requestId: 'r-1',
      credentialError: '400000',
      credentialMessage: 'CSR did not pass verification',
    });
  });

  test('is refused while another request of the device is active', async () => {
    const device = await connectAndSubscribe();
    device.send(order({ id: 'dev', csr: request.csr }, 'first'), order({ id: 'dev', csr: request.csr }, 'second'));
    const accepted = await nextAnswer(device);
    const { status, rid, body } = await nextAnswer(device);
    expect([status, rid, body['errorCode']]).toEqual([409, 'second', 409005]);
    expect(body['info']).toEqual({ ...accepted.body, requestId: 'first' });
    issueNow(device);
    expect(await nextAnswer(device)).toMatchObject({ status: 200, rid: 'first' });
  });

  test('is accepted after an earlier request has ended', async () => {
    const device = await connectAndSubscribe();
    for (const rid of ['one', 'two']) {
      device.send(order({ id: 'dev', csr: request.csr }, rid));
      expect(await nextAnswer(device)).toMatchObject({ status: 202, rid });
      issueNow(device);
      expect(await nextAnswer(device)).toMatchObject({ status: 200, rid });
    }
  });

  test.each(['first', '*'])('cancels the active request if its `replace` is `%s`', async (replace) => {
    const device = await connectAndSubscribe();
    device.send(order({ id: 'dev', csr: request.csr }, 'first'));
    await nextAnswer(device);
    device.send(order({ id: 'dev', csr: request.csr, replace }, 'second'));
    expect(await nextAnswer(device)).toMatchObject({ status: 202, rid: 'second' });
    issueNow(device);
    expect(await nextAnswer(device)).toMatchObject({ status: 200, rid: 'second' });
    await expectSilence(device);
  });

  test('is refused if `replace` has an unknown request ID, but accepted if `replace` is `*`', async () => {
    const device = await connectAndSubscribe();
    device.send(order({ id: 'dev', csr: request.csr, replace: 'gone' }));
    const { status, body } = await nextAnswer(device);
    expect([status, body['errorCode'], body['info']]).toEqual([412, 412005, { requestId: 'gone' }]);
    device.send(order({ id: 'dev', csr: request.csr, replace: '*' }));
    expect((await nextAnswer(device)).status).toBe(202);
  });

  test('of a throttled device gets 429 with `retryAfter` until the fault ends', async () => {
    const device = await connectAndSubscribe();
    const fault = 'AzIoTHub_FaultOperationType=InvokeThrottling&AzIoTHub_FaultOperationDurationInSecs=30';
    device.send(publishPacket(`devices/dev/messages/events/${fault}`, '{}', 1, 9));
    device.send(order({ id: 'dev', csr: request.csr }));
    const { status, body } = await nextAnswer(device);
    expect([status, body['errorCode'], body['retryAfter'], body['info']]).toEqual([429, 429001, 10, null]);
    open.clock.set(open.clock.now() + 30_000);
    device.send(order({ id: 'dev', csr: request.csr }, 'later'));
    expect(await nextAnswer(device)).toMatchObject({ status: 202, rid: 'later' });
  });

  test('without a `$rid` ends the connection', async () => {
    const device = await connectAndSubscribe();
    device.send(publishPacket('$iothub/credentials/POST/issueCertificate/', raw({ id: 'dev', csr: request.csr })));
    expect(await device.next()).toEqual({ kind: 'closed' });
  });

  test('at QoS 1 gets a PUBACK before its answer', async () => {
    const device = await connectAndSubscribe();
    const topic = '$iothub/credentials/POST/issueCertificate/?$rid=r-1';
    device.send(publishPacket(topic, raw({ id: 'dev', csr: request.csr }), 1, 7));
    expect(await device.next()).toMatchObject({ kind: 'puback', id: 7 });
    expect((await nextAnswer(device)).status).toBe(202);
  });
});

describe('the answers to certificate requests', () => {
  test('do not reach a device before it subscribes', async () => {
    const device = await connect();
    device.send(order({ id: 'dev', csr: request.csr }));
    await expectSilence(device);
    await issueUnheard(device);
    await expectSilence(device);
    expect(await subscribe(device, answers)).toEqual([1]);
    expect((await nextAnswer(device)).status).toBe(200);
  });

  test('wait until an unsubscribed device subscribes again', async () => {
    const device = await connectAndSubscribe();
    device.send(order({ id: 'dev', csr: request.csr }));
    expect((await nextAnswer(device)).status).toBe(202);
    device.send(unsubscribePacket(2, answers));
    expect(await device.next()).toMatchObject({ kind: 'unsuback' });
    await issueUnheard(device);
    await expectSilence(device);
    expect(await subscribe(device, answers)).toEqual([1]);
    expect((await nextAnswer(device)).status).toBe(200);
  });

  test.each([
    ['a kept session gets', false, false, 200],
    ['a clean session that subscribes again gets', true, true, 200],
    ['a clean session without a subscription does not get', true, false, undefined],
  ])('after a reconnect depend on the session: %s the certificate', async (_name, clean, subscribes, expected) => {
    const first = await connectAndSubscribe({ clean });
    first.send(order({ id: 'dev', csr: request.csr }));
    expect((await nextAnswer(first)).status).toBe(202);
    first.close();
    const second = await connect(open, credential, { clean });
    if (clean) await issueUnheard(second);
    else open.clock.set(open.clock.now() + 1000);
    if (subscribes) expect(await subscribe(second, answers)).toEqual([1]);
    if (expected === undefined) return expectSilence(second);
    second.send(pingreq);
    const packets = [await second.next(), await second.next()];
    const [published] = packets.flatMap((each) => (each.kind === 'publish' ? [each] : []));
    expect(published?.topic).toBe(`$iothub/credentials/res/${expected}/?$rid=r-1`);
  });

  test('are dropped when the operation expires after 12 hours', async () => {
    const device = await connect();
    device.send(order({ id: 'dev', csr: request.csr }));
    await expectSilence(device);
    await issueUnheard(device);
    open.clock.set(open.clock.now() + 12 * 3_600_000);
    expect(await subscribe(device, answers)).toEqual([1]);
    await expectSilence(device);
  });
});

describe('a fidelity switch', () => {
  async function withLab(fidelity: Partial<FidelitySettings>, version = '2025-08-01-preview') {
    const lab = await openLab(fidelity);
    const own = await registered(lab);
    return { lab, device: await connect(lab, own, {}, version) };
  }

  test('`credentialTopic` decides whether hubs grant the topic filter of the documentation', async () => {
    const plural = await connect();
    expect(await subscribe(plural, '$iothub/credential/res/#')).toEqual([128]);
    const { lab, device } = await withLab({ credentialTopic: 'credential-too' });
    expect(await subscribe(device, '$iothub/credential/res/#')).toEqual([1]);
    device.send(order({ id: 'dev', csr: request.csr }));
    expect((await nextMessage(device)).topic).toBe('$iothub/credential/res/202/?$rid=r-1');
    await lab.cloud.close();
  });

  test('`credentialAnswerSuffix` adds a property to the topic of answers', async () => {
    const { lab, device } = await withLab({ credentialAnswerSuffix: 'version' });
    await subscribe(device, answers);
    device.send(order({ id: 'dev', csr: request.csr }));
    expect((await nextMessage(device)).topic).toBe('$iothub/credentials/res/202/?$rid=r-1&$version=1');
    await lab.cloud.close();
  });

  test('`credentialsInOlderHubVersion` decides whether hubs grant the subscription under an older api-version', async () => {
    const works = await connect(open, credential, {}, '2021-04-12');
    expect(await subscribe(works, answers)).toEqual([1]);
    const { lab, device } = await withLab({ credentialsInOlderHubVersion: 'refuse' }, '2021-04-12');
    expect(await subscribe(device, answers)).toEqual([128]);
    await lab.cloud.close();
  });

  test('`csrKeys` decides whether a P-256 key is certified', async () => {
    const p384 = await makeRequest('/CN=dev', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384']);
    const lab = await openLab({ csrKeys: 'p-384' });
    const device = await connect(lab, await registered(lab, p384));
    await subscribe(device, answers);
    for (const [csr, status] of [
      [request.csr, 400],
      [p384.csr, 200],
    ] as const) {
      device.send(order({ id: 'dev', csr }, `key-${status}`));
      expect((await nextAnswer(device)).status).toBe(202);
      issueNow(device, lab);
      expect((await nextAnswer(device)).status).toBe(status);
    }
    expect(lab.decisions().flatMap(({ checks }) => checks.filter(({ passed }) => !passed))).toEqual([
      expect.objectContaining({ check: 'csr-key-allowed', expected: 'P-384', found: 'P-256' }),
    ]);
    await lab.cloud.close();
  });

  test('`credentialErrorNumbers` selects the error codes of the preview', async () => {
    const { lab, device } = await withLab({ credentialErrorNumbers: 'preview' });
    await subscribe(device, answers);
    device.send(order({ id: 'dev', csr: 'AAAA' }, 'one'), order({ id: 'dev', csr: 'AAAA' }, 'two'));
    expect((await nextAnswer(device)).status).toBe(202);
    expect((await nextAnswer(device)).body['errorCode']).toBe(409004);
    device.send(order({ id: 'dev', csr: 'AAAA', replace: 'gone' }, 'three'));
    expect((await nextAnswer(device)).body['errorCode']).toBe(412001);
    issueNow(device, lab);
    expect((await nextAnswer(device)).body['errorCode']).toBe(400037);
    await lab.cloud.close();
  });
});
