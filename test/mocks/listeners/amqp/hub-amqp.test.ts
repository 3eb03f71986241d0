import rhea, { type AmqpError } from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hubToken, serviceToken } from '../../clients/credentials.ts';
import { data, HubAmqpClient, refusal, type Arrival } from '../../clients/hub-amqp-client.ts';
import { askAsOwner, createDevice, ownerOf } from '../../clients/hub-http.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';

const [hub, otherHub] = hubs;
const { types } = rhea;
const minuteMs = 60_000;
let open: OpenCloud;
let keys: ReadonlyMap<string, Buffer>;
let count = 0;
const clients: HubAmqpClient[] = [];

beforeAll(async () => {
  open = await openCloud();
  keys = new Map(await Promise.all(['dev', 'other'].map(async (id) => [id, await createDevice(open, id)] as const)));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  open.clock.set(noon);
  const state = async () => (await askAsOwner(open, 'GET', '/devices/dev')).body?.['connectionState'];
  await expect.poll(state).toBe('Disconnected');
});
afterAll(() => open.cloud.close());

async function dial(arrival: Arrival = {}): Promise<HubAmqpClient> {
  const client = await HubAmqpClient.open(open.cloud, arrival);
  clients.push(client);
  return client;
}

const tokenOf = (id: string, se?: number): string => hubToken(keys.get(id) ?? Buffer.alloc(0), hub, id, se);

async function arrive(id = 'dev'): Promise<HubAmqpClient> {
  const client = await dial();
  expect(await client.putToken(`${hub}/devices/${id}`, tokenOf(id))).toBe(200);
  return client;
}

/** Creates a new device, whose queue is empty, and returns its ID. */
async function fresh(): Promise<string> {
  const id = `fresh-${++count}`;
  keys = new Map([...keys, [id, await createDevice(open, id)]]);
  return id;
}

async function serve(): Promise<HubAmqpClient> {
  const client = await dial();
  expect(await client.putToken(hub, serviceToken(ownerOf(open), hub))).toBe(200);
  return client;
}

const policy = (policyName: string) => {
  const { key } = ownerOf(open);
  return { policyName, key };
};

const heard = (from: string): string[] =>
  open.history.events().flatMap((event) => (event.kind === 'wire' && event.from === from ? [event.message] : []));

const at = (id: string) => ({
  events: `/devices/${id}/messages/events`,
  messages: `/devices/${id}/messages/devicebound`,
  twin: `/devices/${id}/twin`,
  methods: `/devices/${id}/methods/devicebound`,
});

const errorOf = (outcome: 'accepted' | AmqpError): object =>
  outcome === 'accepted'
    ? {}
    : { condition: outcome.condition, ...(JSON.parse(outcome.description ?? '{}') as object) };

describe('put-token at a hub', () => {
  const name = `${hub}/devices/dev`;

  test.each<[string, string, () => unknown, number, string]>([
    ['for the device', name, () => tokenOf('dev'), 200, 'hub passed'],
    ['for the device, encoded', encodeURIComponent(name), () => tokenOf('dev'), 200, 'hub passed'],
    ['as data', name, () => data(tokenOf('dev')), 200, 'hub passed'],
    ['of another device', name, () => tokenOf('other'), 401, 'hub hub-token-well-formed'],
    ['that has expired', name, () => tokenOf('dev', noon / 1000 - 301), 401, 'hub hub-token-fresh'],
    ['that is not a shared access signature', name, () => 'hunter2', 401, 'hub hub-token-well-formed'],
    ['for an unknown device', `${hub}/devices/ghost`, () => tokenOf('dev'), 404, 'hub hub-identity-found'],
    ['for an unknown module', `${name}/modules/m`, () => tokenOf('dev'), 404, 'hub hub-identity-found'],
    ['for an unknown hub', 'hub-xx.azure-devices.net/devices/dev', () => tokenOf('dev'), 401, 'hub hub-known'],
    ['with an empty audience', '', () => tokenOf('dev'), 401, 'hub hub-known'],
    [
      'for the hub, with a forged policy',
      hub,
      () => serviceToken(policy('device'), hub),
      401,
      'hub hub-token-signature-matches',
    ],
    [
      'for the hub, of a policy without the right `DeviceConnect`',
      hub,
      () => serviceToken(policy('registryRead'), hub),
      401,
      'hub hub-policy-allows',
    ],
  ])('has the documented result for a token %s', async (_name, audience, token, status, verdict) => {
    const client = await dial();
    expect(await client.putToken(audience, token())).toBe(status);
    expect(open.lastVerdict()).toBe(verdict);
  });

  test.each([
    ['of another type', { type: 'jwt' }, 401],
    ['with another operation', { operation: 'delete-token' }, 400],
  ])('refuses a token %s', async (_name, properties, status) => {
    const client = await dial();
    expect(await client.putToken(name, tokenOf('dev'), properties)).toBe(status);
    expect((await refusal(client.sender(at('dev').events))).condition).toBe('amqp:unauthorized-access');
  });

  test('with a policy token for the whole hub lets the client send as any device', async () => {
    const client = await serve();
    await client.send(await client.sender(at('dev').events), { body: data('one') });
    await client.send(await client.sender(at('other').events), { body: data('two') });
    expect([heard('dev').at(-1), heard('other').at(-1)]).toEqual([
      'SEND messages/events one',
      'SEND messages/events two',
    ]);
  });
});

describe('SASL PLAIN at a hub', () => {
  const short = hub.split('.')[0] ?? '';

  test('accepts a device by its name and the name of the hub', async () => {
    const client = await dial({ username: `dev@sas.${short}`, password: tokenOf('dev'), hostname: 'localhost' });
    expect(await client.send(await client.sender(at('dev').events), { body: data('plain') })).toBe('accepted');
    expect((await refusal(client.sender(at('other').events))).condition).toBe('amqp:unauthorized-access');
  });

  test('accepts a service client by the name of a policy', async () => {
    const owner = ownerOf(open);
    const client = await dial({
      username: `${owner.policyName}@sas.root.${hub}`,
      password: serviceToken(owner, hub),
    });
    await client.sender('/messages/devicebound');
  });

  test.each([
    ['a wrong token', `dev@sas.${short}`],
    ['an unknown hub', 'dev@sas.hub-xx'],
    ['a user name without a device', `@sas.${short}`],
  ])('refuses %s', async (_name, username) => {
    await expect(dial({ username, password: tokenOf('other') })).rejects.toThrow('refused');
  });
});

describe('a hub refuses a link', () => {
  test.each([
    ['of another device', `amqps://${hub}/devices/other/messages/events`, 'amqp:unauthorized-access', 401_002],
    ['of a module', '/devices/dev/modules/m/messages/events', 'amqp:unauthorized-access', 401_002],
    ['in the wrong direction', '/devices/dev/messages/devicebound', 'amqp:not-allowed', 405_000],
    ['to an address for services', '/messages/devicebound', 'amqp:unauthorized-access', 401_002],
    ['to an unknown address', '/devices/dev/secrets', 'amqp:not-found', 404_000],
    ['at another hub', `amqps://${otherHub}/devices/dev/messages/events`, 'amqp:unauthorized-access', 401_002],
  ])('%s', async (_name, address, condition, errorCode) => {
    const client = await arrive();
    const said = await refusal(client.sender(address));
    expect(said.condition).toBe(condition);
    if (errorCode !== 404_000) expect(said.said).toMatchObject({ errorCode });
    // The connection stays open after the hub has refused a link.
    expect(await client.send(await client.sender(at('dev').events), { body: data('after') })).toBe('accepted');
  });

  test('for a device without credentials', async () => {
    const client = await dial();
    await refusal(client.receiver(at('dev').messages));
    expect(open.lastVerdict()).toBe('hub hub-credential-type-matches');
  });

  test('if the connection names none of several hubs', async () => {
    const client = await dial({ hostname: 'localhost' });
    await refusal(client.sender(at('dev').events));
    expect(open.lastVerdict()).toBe('hub hub-known');
  });
});

describe('telemetry over AMQP', () => {
  test('keeps application and system properties', async () => {
    const client = await arrive();
    const link = await client.sender(`amqps://${hub}/devices/dev/messages/events`);
    const properties = { n: 7, on: true, text: 'a', list: ['x'] };
    expect(await client.send(link, { body: data('{"t":1}'), application_properties: properties })).toBe('accepted');
    expect(heard('dev').at(-1)).toBe('SEND messages/events {"t":1} {n=7} {on=true} {text=a}');
  });

  test('is accepted in batches', async () => {
    const client = await arrive();
    const one = rhea.message.encode({ body: data('one'), application_properties: { n: '1' } });
    const two = rhea.message.encode({ body: data('two') });
    const batch = rhea.message.encode({ body: rhea.message.data_sections([one, two]) });
    expect(await client.send(await client.sender(at('dev').events), batch, 0x80013700)).toBe('accepted');
    expect(heard('dev').slice(-2)).toEqual(['SEND messages/events one {n=1}', 'SEND messages/events two']);
  });

  test('is accepted in a batch of 256 KB; one byte more rejects the whole batch', async () => {
    const client = await arrive();
    const link = await client.sender(at('dev').events);
    const batchOf = (...sizes: readonly number[]): Buffer =>
      rhea.message.encode({
        body: rhea.message.data_sections(
          sizes.map((size) => rhea.message.encode({ body: data(Buffer.alloc(size, 32)) })),
        ),
      });
    expect(await client.send(link, batchOf(200_000, 62_144), 0x80013700)).toBe('accepted');
    const before = heard('dev').length;
    const outcome = await client.send(link, batchOf(200_000, 62_145), 0x80013700);
    expect(errorOf(outcome)).toMatchObject({ condition: 'amqp:link:message-size-exceeded', errorCode: 413_001 });
    expect(heard('dev').slice(before)).toEqual(['SEND messages/events 262145 bytes → 413001']);
  });

  test.each<[string, unknown, string]>([
    ['one data section', data('one'), 'one'],
    ['three data sections', rhea.message.data_sections(['a', 'b', 'c'].map((each) => Buffer.from(each))), 'abc'],
    ['a string as a value', 'text', 'text'],
    ['octets as a value', types.wrap_binary(Buffer.from('octets')), 'octets'],
    ['a symbol as a value', types.wrap_symbol('symbol'), 'symbol'],
    ['null as a value', null, ''],
  ])('with %s as body is accepted, and so is a message to a device with this body', async (_name, body, text) => {
    const id = await fresh();
    const client = await serve();
    expect(await client.send(await client.sender(at(id).events), { body })).toBe('accepted');
    expect(heard(id).at(-1)).toBe(`SEND messages/events ${text}`);
    const sender = await client.sender('/messages/devicebound');
    expect(await client.send(sender, { to: at(id).messages, body })).toBe('accepted');
    const { message } = await client.next(await client.receiver(at(id).messages));
    expect(message.body?.content.toString()).toBe(text);
  });

  test.each<[string, unknown, string]>([
    ['a sequence', rhea.message.sequence_section([1, 2]), 'an amqp-sequence'],
    ['a number as a value', 17, 'an amqp-value that is neither a string nor binary'],
    ['a map as a value', { a: 1 }, 'an amqp-value that is neither a string nor binary'],
    ['a UUID as a value', types.wrap_uuid(Buffer.alloc(16)), 'an amqp-value that is neither a string nor binary'],
  ])(
    'with %s as body gets an error that names the kind of body, and so does a message to a device',
    async (_name, body, found) => {
      const id = await fresh();
      const client = await serve();
      const refused = { condition: 'com.microsoft:argument-error', message: expect.stringContaining(found) as string };
      expect(errorOf(await client.send(await client.sender(at(id).events), { body }))).toMatchObject(refused);
      const sender = await client.sender('/messages/devicebound');
      expect(errorOf(await client.send(sender, { to: at(id).messages, body }))).toMatchObject(refused);
      const methods = await client.sender(at(id).methods);
      expect(errorOf(await client.send(methods, { body }))).toMatchObject(refused);
      const twin = await client.receiver(at(id).twin);
      const request = { correlation_id: 'c', message_annotations: { operation: 'GET', resource: '' }, body };
      await client.send(await client.sender(at(id).twin), request);
      const { message } = await client.next(twin);
      expect(message.message_annotations).toMatchObject({ status: 400 });
    },
  );

  test('is accepted up to 256 KB and rejected with one byte more', async () => {
    const client = await arrive();
    const link = await client.sender(at('dev').events);
    expect(await client.send(link, { body: data(Buffer.alloc(256 * 1024, 32)) })).toBe('accepted');
    const outcome = await client.send(link, { body: data(Buffer.alloc(256 * 1024 + 1, 32)) });
    expect(errorOf(outcome)).toMatchObject({ condition: 'amqp:link:message-size-exceeded', errorCode: 413_001 });
    expect(await client.send(link, { body: data('after') })).toBe('accepted');
  });

  test.each([
    ['InvokeThrottling', 'com.microsoft:device-container-throttled'],
    ['InvokeMaxMessageQuota', 'com.microsoft:quota-exceeded'],
    ['InvokeAuthError', 'amqp:unauthorized-access'],
  ])('is refused while the injected fault %s lasts', async (type, condition) => {
    const id = await fresh();
    const client = await arrive(id);
    const link = await client.sender(at(id).events);
    const order = { AzIoTHub_FaultOperationType: type, AzIoTHub_FaultOperationDurationInSecs: '10' };
    expect(await client.send(link, { body: data(''), application_properties: order })).toBe('accepted');
    expect(errorOf(await client.send(link, { body: data('x') }))).toMatchObject({ condition });
    open.clock.set(noon + 10_000);
    expect(await client.send(link, { body: data('x') })).toBe('accepted');
  });

  const kill = (properties: object = {}) => ({
    body: data(''),
    application_properties: { AzIoTHub_FaultOperationType: 'KillAmqpConnection', ...properties },
  });

  test('with a property that makes the hub end the connection is accepted before the connection ends', async () => {
    const client = await arrive();
    const link = await client.sender(at('dev').events);
    expect(await client.send(link, kill())).toBe('accepted');
    expect(await client.closed).toMatchObject({ condition: 'amqp:internal-error' });
  });

  test('with a property that makes the hub end the connection after 5 seconds is accepted, and the connection stays until then', async () => {
    const client = await arrive();
    const link = await client.sender(at('dev').events);
    expect(await client.send(link, kill({ AzIoTHub_FaultOperationDelayInSecs: '5' }))).toBe('accepted');
    open.clock.set(noon + 4999);
    expect(await client.send(link, { body: data('in time') })).toBe('accepted');
    open.clock.set(noon + 5000);
    link.send({ body: data('too late') });
    expect(await client.closed).toMatchObject({ condition: 'amqp:internal-error' });
    expect(heard('dev').at(-1)).toBe('SEND messages/events in time');
  });
});

describe('the AMQP connection of a device', () => {
  test('ends with the error of the hub when the device opens a second connection', async () => {
    const older = await arrive();
    await older.sender(at('dev').events);
    const newer = await arrive();
    await newer.sender(at('dev').events);
    const said = await older.closed;
    expect(said?.condition).toBe('amqp:connection:forced');
    expect(JSON.parse(said?.description ?? '')).toMatchObject({ errorCode: 400_027 });
  });

  test('stays open if another device shares it and the first device is deleted; only the links of the deleted device close', async () => {
    const id = await fresh();
    const client = await serve();
    const gone = await client.receiver(at(id).messages);
    const stays = await client.sender(at('dev').events);
    const closed = new Promise((resolve) => gone.once('receiver_close', () => resolve(gone.error)));
    await askAsOwner(open, 'DELETE', `/devices/${id}`, { headers: { 'If-Match': '*' } });
    expect(await closed).toMatchObject({ condition: 'amqp:not-found' });
    expect(await client.send(stays, { body: data('still here') })).toBe('accepted');
  });

  test('ends some time after its token expires, unless the client puts a new token', async () => {
    const client = await arrive();
    const link = await client.sender(at('dev').events);
    open.clock.set(noon + 3600_000 + 9 * minuteMs);
    expect(await client.send(link, { body: data('late') })).toBe('accepted');
    expect(await client.putToken(`${hub}/devices/dev`, tokenOf('dev', noon / 1000 + 7200))).toBe(200);
    open.clock.set(noon + 7200_000 + 10 * minuteMs);
    expect(await client.send(link, { body: data('later') })).toBe('accepted');
    open.clock.set(noon + 7200_000 + 10 * minuteMs + 1);
    link.send({ body: data('too late') });
    expect(await client.closed).toMatchObject({ condition: 'amqp:unauthorized-access' });
  });
});

describe('messages to a device over AMQP', () => {
  const send = (id: string, text: string) =>
    expect(open.cloud.operator.sendToDevice(hub, id, { body: Buffer.from(text), messageId: text })).toMatchObject({
      ok: true,
    });
  const queued = async (id: string) =>
    (await askAsOwner(open, 'GET', `/devices/${id}`)).body?.['cloudToDeviceMessageCount'];

  test('are sent only up to the credit of the link', async () => {
    const id = await fresh();
    for (const text of ['one', 'two', 'three']) send(id, text);
    const client = await arrive(id);
    const link = await client.receiver(at(id).messages, 1);
    const first = await client.next(link);
    expect(first.message).toMatchObject({
      message_id: 'one',
      to: `/devices/${id}/messages/devicebound`,
      message_annotations: { 'x-opt-sequence-number': 1 },
    });
    expect(client.waiting(link)).toBe(0);
    // A link without credit does not delay another link in the same session.
    expect(await client.send(await client.sender(at(id).events), { body: data('meanwhile') })).toBe('accepted');
    first.delivery.accept();
    link.add_credit(2);
    expect((await client.next(link)).message.message_id).toBe('two');
    expect((await client.next(link)).message.message_id).toBe('three');
    expect(await queued(id)).toBe(2);
  });

  test('return to the queue if their link ends before they are settled', async () => {
    const id = await fresh();
    send(id, 'one');
    const client = await arrive(id);
    await client.sender(at(id).events);
    const link = await client.receiver(at(id).messages);
    expect((await client.next(link)).message['delivery_count']).toBe(0);
    link.close();
    const again = await client.receiver(at(id).messages);
    const { message, delivery } = await client.next(again);
    expect([message.message_id, message['delivery_count']]).toEqual(['one', 1]);
    delivery.accept();
    await expect.poll(() => queued(id)).toBe(0);
  });

  test('leave the queue if the device settles the messages without an outcome, and return to the queue if the outcome is `modified`', async () => {
    const id = await fresh();
    send(id, 'one');
    const client = await arrive(id);
    const link = await client.receiver(at(id).messages);
    (await client.next(link)).delivery.modified({ delivery_failed: true });
    (await client.next(link)).delivery.update(true);
    await expect.poll(() => queued(id)).toBe(0);
  });
});

describe('a hub, in twin operations over AMQP,', () => {
  test.each([
    ['an unknown operation', { operation: 'POST' }, '{}', 400],
    ['no operation', {}, '{}', 400],
    ['a patch of desired properties', { operation: 'PATCH', resource: '/properties/desired' }, '{}', 400],
    ['a patch that is not JSON', { operation: 'PATCH', resource: '/properties/reported' }, '{"a":', 400],
    ['a patch that is not an object', { operation: 'PATCH', resource: '/properties/reported' }, '7', 400],
    ['a valid patch', { operation: 'PATCH', resource: '/properties/reported' }, '{"a":1}', 204],
  ])('returns the right status for a request with %s', async (_name, annotations, body, status) => {
    const client = await arrive();
    const answers = await client.receiver(at('dev').twin);
    const requests = await client.sender(at('dev').twin);
    const message = { correlation_id: 'c-7', message_annotations: annotations, body: data(body) };
    expect(await client.send(requests, message)).toBe('accepted');
    const answer = await client.next(answers);
    expect(answer.message.correlation_id).toBe('c-7');
    expect(answer.message.message_annotations?.['status']).toBe(status);
  });

  test('sends changes of desired properties only while the device is subscribed', async () => {
    const client = await arrive();
    const answers = await client.receiver(at('dev').twin);
    const requests = await client.sender(at('dev').twin);
    const resource = '/notifications/twin/properties/desired';
    const change = (rate: number) =>
      askAsOwner(open, 'PATCH', '/twins/dev', { body: { properties: { desired: { rate } } } });
    await change(1);
    await client.send(requests, { correlation_id: 'on', message_annotations: { operation: 'PUT', resource } });
    expect((await client.next(answers)).message.correlation_id).toBe('on');
    await change(2);
    const told = await client.next(answers);
    expect(told.message.correlation_id).toBeUndefined();
    expect(JSON.parse(String(told.message.body?.content))).toMatchObject({ rate: 2 });
    await client.send(requests, { correlation_id: 'off', message_annotations: { operation: 'DELETE', resource } });
    expect((await client.next(answers)).message.correlation_id).toBe('off');
    await change(3);
    await client.send(requests, { correlation_id: 'get', message_annotations: { operation: 'GET' } });
    const got = await client.next(answers);
    expect(got.message.correlation_id).toBe('get');
    expect(JSON.parse(String(got.message.body?.content))).toMatchObject({ desired: { rate: 3 } });
  });
});

describe('a direct method over AMQP', () => {
  const call = (id: string) =>
    askAsOwner(open, 'POST', `/twins/${id}/methods`, { body: { methodName: 'go', payload: [1] } });

  test.each([
    [
      'with a status and a payload',
      { 'IoThub-status': 201 },
      '"done"',
      { status: 201, body: { status: 201, payload: 'done' } },
    ],
    ['with an empty body', { 'IoThub-status': 204 }, '', { status: 200, body: { status: 204, payload: null } }],
    ['without a status', {}, '"done"', { status: 502 }],
    ['with a body that is not JSON', { 'IoThub-status': 200 }, 'done', { status: 502 }],
  ])('ends with the right HTTP status if the device answers %s', async (_name, properties, body, expected) => {
    const client = await arrive();
    const calls = await client.receiver(at('dev').methods);
    const answers = await client.sender(at('dev').methods);
    const result = call('dev');
    const { message } = await client.next(calls);
    expect(message.application_properties).toEqual({ 'IoThub-methodname': 'go' });
    expect(String(message.body?.content)).toBe('[1]');
    const correlation = { correlation_id: message.correlation_id, application_properties: properties };
    expect(await client.send(answers, { ...correlation, body: data(body) })).toBe('accepted');
    const { status, body: said } = await result;
    expect({
      status: expected.status === 201 ? 200 : expected.status,
      ...('body' in expected ? { body: expected.body } : {}),
    }).toEqual({ status, ...('body' in expected ? { body: said } : {}) });
    // The hub rejects a second answer to the same method call.
    expect(errorOf(await client.send(answers, { ...correlation, body: data(body) }))).toMatchObject({
      errorCode: 400_004,
    });
  });

  test('fails if the device has no link for methods', async () => {
    const client = await arrive();
    await client.sender(at('dev').methods);
    expect((await call('dev')).status).toBe(404);
  });
});

describe('a service client over AMQP', () => {
  test.each([
    ['without a recipient', { to: undefined }, 'com.microsoft:argument-error'],
    ['to a module', { to: '/devices/dev/modules/m/messages/devicebound' }, 'com.microsoft:argument-error'],
    ['to an unknown device', { to: '/devices/ghost/messages/devicebound' }, 'amqp:not-found'],
    [
      'with an unknown value of iothub-ack',
      { application_properties: { 'iothub-ack': 'maybe' } },
      'com.microsoft:argument-error',
    ],
  ])('cannot send a message %s', async (_name, changed, condition) => {
    const client = await serve();
    const link = await client.sender('/messages/devicebound');
    const message = { to: at('dev').messages, body: data('x'), ...changed };
    expect(errorOf(await client.send(link, message))).toMatchObject({ condition });
  });

  test('is refused after its token has expired', async () => {
    const client = await serve();
    const link = await client.sender('/messages/devicebound');
    open.clock.set(noon + 3600_000 + 5 * minuteMs + 1000);
    const outcome = await client.send(link, { to: at('dev').messages, body: data('x') });
    expect(errorOf(outcome)).toMatchObject({ condition: 'amqp:unauthorized-access' });
  });

  test('gets the feedback that it requested about expired and purged messages', async () => {
    const id = await fresh();
    const client = await serve();
    const link = await client.sender('/messages/devicebound');
    const send = (name: string, ack: string, ttlMs: number) =>
      client.send(link, {
        to: at(id).messages,
        message_id: name,
        absolute_expiry_time: noon + ttlMs,
        application_properties: { 'iothub-ack': ack },
        body: data(name),
      });
    for (const [name, ack] of [
      ['a', 'full'],
      ['b', 'positive'],
      ['c', 'negative'],
      ['d', 'none'],
    ] as const) {
      expect(await send(name, ack, minuteMs)).toBe('accepted');
    }
    expect(await send('e', 'negative', 30 * minuteMs)).toBe('accepted');
    open.clock.set(noon + 2 * minuteMs);
    await askAsOwner(open, 'DELETE', `/devices/${id}/commands`);
    const first = await client.receiver('/messages/serviceBound/feedback');
    const { message } = await client.next(first);
    expect(message['content_type']).toBe('application/vnd.microsoft.iothub.feedback.json');
    const records = JSON.parse(String(message.body?.content)) as Record<string, unknown>[];
    expect(records.map(({ originalMessageId, statusCode }) => [originalMessageId, statusCode])).toEqual([
      ['a', 'Expired'],
      ['c', 'Expired'],
      ['e', 'Purged'],
    ]);
    expect(records[0]).toMatchObject({
      deviceId: id,
      description: 'Expired',
      enqueuedTimeUtc: '2026-01-05T12:00:00.0000000Z',
    });
    // The first receiver did not settle the message, so the next receiver gets it.
    first.close();
    const second = await serve();
    const again = await second.receiver('/messages/servicebound/feedback');
    const { message: same, delivery } = await second.next(again);
    expect(String(same.body?.content)).toBe(String(message.body?.content));
    delivery.accept();
  });

  test('receives file notifications, and cannot send to their address', async () => {
    const client = await serve();
    for (const name of ['filenotifications', 'fileuploadnotifications']) {
      const link = await client.receiver(`/messages/serviceBound/${name}`);
      expect(client.waiting(link)).toBe(0);
    }
    await refusal(client.sender('/messages/serviceBound/feedback'));
  });
});
