import { createHmac } from 'node:crypto';
import rhea, { type AmqpError, type Receiver } from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { hubToken } from '../clients/credentials.ts';
import { data, HubAmqpClient, type Arrival } from '../clients/hub-amqp-client.ts';
import { createDevice, ownerOf } from '../clients/hub-http.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';

const [hub] = hubs;
const namespace = 'ihsuprod-rehearsal.servicebus.windows.net';
const entity = 'hub-eu';
const address = `${entity}/ConsumerGroups/$Default/Partitions/0`;
const selector = 'apache.org:selector-filter:string';
const day = 24 * 60 * 60 * 1000;
let open: OpenCloud;
let key: Buffer;
const clients: HubAmqpClient[] = [];

beforeAll(async () => {
  open = await openCloud({ hubs: [{ host: hub, events: { consumerGroups: ['dashboards'] } }, hubs[1]] });
  key = await createDevice(open, 'dev');
  await send('first', 'second');
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  open.clock.set(noon);
});
afterAll(() => open.cloud.close());

async function dial(arrival: Arrival = {}): Promise<HubAmqpClient> {
  const client = await HubAmqpClient.open(open.cloud, { hostname: namespace, ...arrival });
  clients.push(client);
  return client;
}

async function send(...bodies: string[]): Promise<void> {
  const client = await HubAmqpClient.open(open.cloud);
  expect(await client.putToken(`${hub}/devices/dev`, hubToken(key, hub, 'dev'))).toBe(200);
  const sender = await client.sender('/devices/dev/messages/events');
  for (const body of bodies) expect(await client.send(sender, { body: data(body) })).toBe('accepted');
  client.close();
}

/** Returns a token for Event Hubs. The HMAC key of such a token is the base64 text of the policy key, not the decoded bytes. */
function token(path = entity, { policyName, text, se }: Partial<Signer> = {}): string {
  const owner = ownerOf(open);
  const sr = encodeURIComponent(`sb://${namespace}/${path}`).toLowerCase();
  const until = se ?? noon / 1000 + 3600;
  const sig = createHmac('sha256', text ?? owner.key)
    .update(`${sr}\n${until}`)
    .digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${until}&skn=${policyName ?? owner.policyName}`;
}

interface Signer {
  readonly policyName: string;
  readonly text: string;
  readonly se: number;
}

async function arrive(): Promise<HubAmqpClient> {
  const client = await dial();
  expect(await client.putToken(`sb://${namespace}/${entity}`, token())).toBe(202);
  return client;
}

/** Returns the error with which the endpoint refused a link. */
async function refusedWith(attempt: Promise<unknown>): Promise<AmqpError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const amqp = (error as { readonly amqp?: AmqpError } | undefined)?.amqp;
  return amqp ?? expect.fail(`the link should have been refused: ${String(error)}`);
}

async function bodies(client: HubAmqpClient, receiver: Receiver, number: number): Promise<string[]> {
  const found: string[] = [];
  for (let count = 0; count < number; count++) {
    const { message } = await client.next(receiver);
    found.push(message.body?.content.toString() ?? '');
  }
  return found;
}

const closing = (receiver: Receiver): Promise<AmqpError | undefined> =>
  new Promise((resolve) => {
    receiver.once('receiver_close', () => resolve(receiver.error as AmqpError | undefined));
  });

test('a reader without a filter starts with the oldest event, whether its address is a path or a URL', async () => {
  const client = await arrive();
  for (const written of [address, `/${address}`, `amqps://${namespace}:5671/${address.toLowerCase()}`]) {
    expect(await bodies(client, await client.receiver(written), 2)).toEqual(['first', 'second']);
  }
});

test('the link credit limits the number of events that a reader gets', async () => {
  const client = await arrive();
  const receiver = await client.receiver(address, 1);
  expect(await bodies(client, receiver, 1)).toEqual(['first']);
  expect(client.waiting(receiver)).toBe(0);
  receiver.add_credit(1);
  expect(await bodies(client, receiver, 1)).toEqual(['second']);
});

describe('the answer to a put-token request at $cbs', () => {
  test.each<[string, string, () => string, number]>([
    ['for the entity', `sb://${namespace}/${entity}`, () => token(), 202],
    ['for a partition, signed for the entity', `amqps://${namespace}/${address}`, () => token(), 202],
    ['for the namespace', `sb://${namespace}/${entity}`, () => token(''), 202],
    ['for another hub', `sb://${namespace}/hub-us`, () => token(), 401],
    ['for an unknown entity', `sb://${namespace}/nobody`, () => token('nobody'), 404],
    ['signed with the bytes of the key', `sb://${namespace}/${entity}`, () => token(entity, { text: 'bytes' }), 401],
    ['of no policy', `sb://${namespace}/${entity}`, () => token(entity, { policyName: 'nobody' }), 401],
    [
      'of a policy that may not read',
      `sb://${namespace}/${entity}`,
      () => token(entity, { policyName: 'device' }),
      401,
    ],
    ['that ran out', `sb://${namespace}/${entity}`, () => token(entity, { se: noon / 1000 - 301 }), 401],
  ])('has the documented status for a token %s', async (_name, audience, made, status) => {
    expect(await (await dial()).putToken(audience, made())).toBe(status);
  });

  test('is 401 for a token of Entra ID', async () => {
    const client = await dial();
    expect(await client.putToken(`sb://${namespace}/${entity}`, token(), { type: 'jwt' })).toBe(401);
  });
});

test('a client that logs in with a policy and its key can read events', async () => {
  const { policyName, key: password } = ownerOf(open);
  const client = await dial({ username: policyName, password });
  expect(await bodies(client, await client.receiver(address), 2)).toEqual(['first', 'second']);
  await expect(dial({ username: policyName, password: 'another' })).rejects.toThrow('refused');
});

describe('the Event Hubs endpoint refuses a link', () => {
  test.each([
    ['without a token', false, address, 'amqp:unauthorized-access', "'Listen' claim(s) are required"],
    ['of an unknown entity', true, 'nobody/ConsumerGroups/$Default/Partitions/0', 'amqp:not-found', 'nobody'],
    ['of an unknown group', true, `${entity}/ConsumerGroups/no/Partitions/0`, 'amqp:not-found', `${entity}|no`],
    [
      'of an unknown partition',
      true,
      `${entity}/ConsumerGroups/$Default/Partitions/1`,
      'com.microsoft:argument-out-of-range',
      'between 0 and 0',
    ],
    ['of no partition', true, entity, 'amqp:not-allowed', 'cannot receive from'],
  ])('%s', async (_name, isIn, written, condition, sentence) => {
    const client = isIn ? await arrive() : await dial();
    const refusal = await refusedWith(client.receiver(written));
    expect(refusal.condition).toBe(condition);
    expect(refusal.description).toContain(sentence);
  });

  test('that sends events', async () => {
    const refusal = await refusedWith((await arrive()).sender(entity));
    expect(refusal).toMatchObject({ condition: 'amqp:unauthorized-access' });
    expect(refusal.description).toContain("'Send' claim(s) are required");
  });

  test('with a filter other than a position in the event stream', async () => {
    const client = await arrive();
    const filter = rhea.types.wrap_described("colour = 'red'", 0x468c00000004);
    const receiver = client.connection.open_receiver({ source: { address, filter: { [selector]: filter } } });
    expect((await closing(receiver))?.condition).toBe('amqp:invalid-field');
  });
});

test('the Event Hubs endpoint ends a link at the first event after its token has expired', async () => {
  const client = await arrive();
  const receiver = await client.receiver(address);
  await bodies(client, receiver, 2);
  open.clock.set(noon + 2 * 60 * 60 * 1000);
  const ended = closing(receiver);
  await sendLater('late');
  expect((await ended)?.description).toContain('ExpiredToken');
});

/** Sends an event with a token that is valid for a day. */
async function sendLater(body: string): Promise<void> {
  const client = await HubAmqpClient.open(open.cloud);
  await client.putToken(`${hub}/devices/dev`, hubToken(key, hub, 'dev', noon / 1000 + 86_400));
  const sender = await client.sender('/devices/dev/messages/events');
  expect(await client.send(sender, { body: data(body) })).toBe('accepted');
  client.close();
}

describe('the AMQP endpoint of a hub', () => {
  test.each(['$management', 'ConsumerGroups/$Default/Partitions/0'])(
    'redirects a reader of messages/events/%s',
    async (rest) => {
      const owner = ownerOf(open);
      const client = await dial({
        hostname: hub,
        username: `${owner.policyName}@sas.root.hub-eu`,
        // The password is signed as in the sample of Microsoft.
        password: hubServiceToken(`${hub}/messages/events`),
      });
      const refusal = await refusedWith(client.receiver(`amqps://${hub}/messages/events/${rest}`));
      expect(refusal.condition).toBe('amqp:link:redirect');
      expect(refusal.info).toMatchObject({
        hostname: namespace,
        'network-host': namespace,
        port: open.cloud.ports.amqp,
        address: `amqps://${namespace}:${open.cloud.ports.amqp}/hub-eu/${rest}`,
      });
    },
  );

  test('redirects a client with a token for the whole hub, but not with a token for another part', async () => {
    const username = `${ownerOf(open).policyName}@sas.root.hub-eu`;
    const whole = await dial({ hostname: hub, username, password: hubServiceToken(hub) });
    const condition = async (client: HubAmqpClient) =>
      (await refusedWith(client.receiver('messages/events/$management'))).condition;
    expect(await condition(whole)).toBe('amqp:link:redirect');
    const part = await dial({ hostname: hub, username, password: hubServiceToken(`${hub}/messages/devicebound`) });
    expect(await condition(part)).toBe('amqp:unauthorized-access');
  });

  test('does not redirect a client without ServiceConnect', async () => {
    const refusal = await refusedWith((await dial({ hostname: hub })).receiver('messages/events/$management'));
    expect(refusal.condition).toBe('amqp:unauthorized-access');
  });
});

function hubServiceToken(resource: string): string {
  const { policyName, key: text } = ownerOf(open);
  const [sr, se] = [encodeURIComponent(resource), noon / 1000 + 3600];
  const sig = createHmac('sha256', Buffer.from(text, 'base64')).update(`${sr}\n${se}`).digest('base64');
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}&skn=${policyName}`;
}

test('the Event Hubs endpoint accepts a client that opens its connection with the host name localhost', async () => {
  const client = await dial({ hostname: 'localhost' });
  expect(await client.putToken(`sb://${namespace}/${entity}`, token())).toBe(202);
  expect(await bodies(client, await client.receiver(address), 2)).toEqual(['first', 'second']);
});

test.each<[string, () => string | undefined, number]>([
  ['no token', () => undefined, 401],
  ['its own token', () => token(), 200],
  ['a token with another key', () => token(entity, { text: 'another' }), 401],
])(
  'the Event Hubs endpoint answers a request to `$management` only with a valid token: %s',
  async (_name, made, status) => {
    const client = await dial();
    const answers = await client.receiver('$management');
    const requests = await client.sender('$management');
    const words = { operation: 'READ', type: 'com.microsoft:eventhub', name: entity };
    const shown = made();
    requests.send({
      message_id: 'read-1',
      application_properties: { ...words, ...(shown === undefined ? {} : { security_token: shown }) },
      body: '',
    });
    const { message } = await client.next(answers);
    expect(message.correlation_id).toBe('read-1');
    expect(message.application_properties?.['status-code']).toBe(status);
  },
);

test('the operator adds and removes consumer groups, and the readers of a removed group are disconnected', async () => {
  const { operator } = open.cloud;
  expect(operator.consumerGroups(hub)).toEqual(['$Default', 'dashboards']);
  expect(operator.addConsumerGroup(hub, 'Alarms')).toMatchObject({ ok: true });
  expect(operator.addConsumerGroup(hub, 'alarms')).toMatchObject({ ok: false });
  const client = await arrive();
  const receiver = await client.receiver(`${entity}/ConsumerGroups/alarms/Partitions/0`);
  const ended = closing(receiver);
  expect(operator.removeConsumerGroup(hub, 'ALARMS')).toMatchObject({ ok: true });
  expect((await ended)?.condition).toBe('amqp:link:stolen');
  expect(operator.removeConsumerGroup(hub, '$default')).toMatchObject({ ok: false });
});

test('a restarted cloud keeps its events, sequence numbers and consumer groups', async () => {
  open.cloud.operator.addConsumerGroup(hub, 'kept');
  const saved = open.cloud.snapshot();
  const next = await openCloud({ saved, fidelity: defaultFidelity });
  try {
    expect(next.cloud.operator.consumerGroups(hub)).toContain('kept');
    const client = await HubAmqpClient.open(next.cloud, { hostname: namespace });
    clients.push(client);
    expect(await client.putToken(`sb://${namespace}/${entity}`, token())).toBe(202);
    const receiver = await client.receiver(address);
    expect((await bodies(client, receiver, 2)).slice(0, 2)).toEqual(['first', 'second']);
  } finally {
    await next.cloud.close();
  }
});

// This test is the last one, because expired events do not return when the clock is set back.
test('the Event Hubs endpoint drops events after the retention time', async () => {
  open.clock.set(noon + 2 * day);
  const client = await dial();
  const until = noon / 1000 + 3 * 86_400;
  expect(await client.putToken(`sb://${namespace}/${entity}`, token(entity, { se: until }))).toBe(202);
  const receiver = await client.receiver(address);
  expect(client.waiting(receiver)).toBe(0);
});
