import rhea from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dpsToken, hubToken, individual, serviceToken, symmetricKeys } from '../../clients/credentials.ts';
import { createDevice, ownerOf } from '../../clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { frame, RawAmqp, saslHeader } from '../../clients/raw-amqp.ts';
import { addressOf, attach, attached, credit, flow, hello, named, opening, transfer } from '../../clients/raw-links.ts';

const [hub] = hubs;
const keys = symmetricKeys();
const opened: RawAmqp[] = [];
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
  open.cloud.operator.putEnrollment(individual('dev', keys));
  key = await createDevice(open, 'dev');
});
afterEach(() => {
  for (const raw of opened.splice(0)) raw.socket.destroy();
});
afterAll(() => open.cloud.close());

type Wire = 'TCP' | 'WebSocket';

async function dial(wire: Wire = 'TCP'): Promise<RawAmqp> {
  const raw = wire === 'TCP' ? await RawAmqp.open(open.cloud) : await RawAmqp.openWebSocket(open.cloud);
  opened.push(raw);
  return raw;
}

/** Connects to the AMQP listener and logs in with SASL PLAIN as the device. */
async function arrive(
  user = `dev@sas.${hub}`,
  token = hubToken(key, hub, 'dev'),
  wire: Wire = 'TCP',
): Promise<RawAmqp> {
  const raw = await dial(wire);
  const response = Buffer.from(`\0${user}\0${token}`);
  raw.write(saslHeader, frame('sasl_init', { mechanism: 'PLAIN', initial_response: response }), opening());
  await raw.frame(named('begin'));
  return raw;
}

const events = '/devices/dev/messages/events';
const devicebound = '/devices/dev/messages/devicebound';

describe.each<Wire>(['TCP', 'WebSocket'])('over %s', (wire) => {
  test('a hub offers the SASL mechanisms of Azure', async () => {
    const raw = await dial(wire);
    raw.write(saslHeader);
    const { fields } = await raw.frame(named('sasl_mechanisms'));
    expect(fields['sasl_server_mechanisms']).toEqual(['EXTERNAL', 'MSSBCBS', 'ANONYMOUS', 'PLAIN', 'TPM']);
  });

  test('a client that selects SASL MSSBCBS and sends no initial response can open a connection and a session', async () => {
    const raw = await dial(wire);
    raw.write(saslHeader, frame('sasl_init', { mechanism: 'MSSBCBS' }), opening());
    expect((await raw.frame(named('sasl_outcome'))).fields['code']).toBe(0);
    expect((await raw.frame(named('open'))).fields).toMatchObject({ max_frame_size: 65_536, channel_max: 8191 });
    expect((await raw.frame(named('begin'))).fields).toMatchObject({ remote_channel: 0, handle_max: 262_143 });
  });

  test.each<[string, boolean, number]>([
    [events, false, 1_048_576],
    [`amqps://${hub}${events}`, false, 1_048_576],
    [devicebound, true, 65_536],
    ['/devices/dev/twin', false, 1_048_576],
    ['/devices/dev/twin', true, 1_048_576],
    ['/devices/dev/methods/devicebound', false, 1_048_576],
    ['/devices/dev/methods/devicebound', true, 1_048_576],
    ['$cbs', false, 1_048_576],
    ['$cbs', true, 1_048_576],
  ])(
    'the answer to ATTACH %s (client receives: %s) has source and target, and the maximum message size %i',
    async (address, receives, size) => {
      const raw = await arrive(undefined, undefined, wire);
      const properties = { 'com.microsoft:client-version': 'x', 'com.microsoft:api-version': '2019-10-01' };
      raw.write(attach({ name: 'l', handle: 3, receives, address, properties }));
      const { fields } = await raw.frame(attached('l'));
      expect(addressOf(fields['source'])).toBe(receives ? address : 'l-end');
      expect(addressOf(fields['target'])).toBe(receives ? 'l-end' : address);
      expect(fields).toMatchObject({ role: !receives, max_message_size: size, properties });
    },
  );

  test.each<[string, boolean]>([
    ['/messages/devicebound', false],
    ['/messages/servicebound/feedback', true],
  ])('the answer to ATTACH of a service client to %s has source and target', async (address, receives) => {
    const raw = await arrive(`iothubowner@sas.root.${hub}`, serviceToken(ownerOf(open), hub), wire);
    raw.write(attach({ name: 'l', handle: 0, receives, address }));
    const { fields } = await raw.frame(attached('l'));
    expect([fields['source'], fields['target']].map(addressOf)).toEqual(
      receives ? [address, 'l-end'] : ['l-end', address],
    );
    expect(fields['max_message_size']).toBe(1_048_576);
  });

  test.each([false, true])(
    'the answer to ATTACH at DPS has source and target (client receives: %s)',
    async (receives) => {
      const address = `${idScope}/registrations/dev`;
      const raw = await arrive(address, dpsToken(keys.primaryKey, 'dev'), wire);
      raw.write(
        attach({ name: 'l', handle: 0, receives, address, properties: { 'com.microsoft:api-version': '2019-03-31' } }),
      );
      const { fields } = await raw.frame(attached('l'));
      expect([fields['source'], fields['target']].map(addressOf)).toEqual(
        receives ? [address, 'l-end'] : ['l-end', address],
      );
      expect(fields['max_message_size']).toBe(1_048_576);
    },
  );

  test.each<[string, string, string]>([
    ['a device without credentials', '/devices/other/messages/events', 'amqp:unauthorized-access'],
    ['a module', '/devices/dev/modules/m/messages/events', 'amqp:unauthorized-access'],
    ['an unknown address', 'nowhere', 'amqp:not-found'],
    ['DPS without api-version', `${idScope}/registrations/dev`, 'amqp:internal-error'],
  ])(
    'a refused link to %s gets an ATTACH with null as source or target, and then a DETACH with the reason',
    async (_name, address, condition) => {
      const raw = await arrive(undefined, undefined, wire);
      raw.write(attach({ name: 'l', handle: 5, receives: false, address }));
      const { fields } = await raw.frame(attached('l'));
      expect([addressOf(fields['source']), addressOf(fields['target'])]).toEqual([null, null]);
      const detach = (await raw.frame(named('detach'))).fields;
      expect(detach).toMatchObject({ handle: fields['handle'], closed: true, error: { condition } });
      expect(raw.frames().filter(named('flow'))).toEqual([]);
    },
  );
});

describe('the settlement of deliveries', () => {
  test.each<[number, number, number, number]>([
    [0, 0, 0, 0],
    [1, 0, 1, 0],
    [2, 1, 2, 1],
    [7, 9, 2, 0],
  ])(
    'follows the ATTACH of the client: to `snd-settle-mode` %i and `rcv-settle-mode` %i, the hub answers with the modes %i and %i',
    async (send, receive, sent, received) => {
      const raw = await arrive();
      raw.write(
        attach({
          name: 's',
          handle: 0,
          receives: false,
          address: events,
          snd_settle_mode: send,
          rcv_settle_mode: receive,
        }),
        attach({
          name: 'r',
          handle: 1,
          receives: true,
          address: devicebound,
          snd_settle_mode: send,
          rcv_settle_mode: receive,
        }),
      );
      for (const name of ['s', 'r']) {
        const { fields } = await raw.frame(attached(name));
        expect([fields['snd_settle_mode'] ?? 2, fields['rcv_settle_mode'] ?? 0]).toEqual([sent, received]);
      }
    },
  );

  test('is done by the hub, which sends each message settled and removes it from the queue, if a device attaches with `snd-settle-mode` 1', async () => {
    const raw = await arrive();
    raw.write(attach({ name: 'r', handle: 0, receives: true, address: devicebound, snd_settle_mode: 1 }), credit(0, 5));
    await raw.frame(attached('r'));
    open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from('once') });
    const { fields } = await raw.frame(named('transfer'));
    expect(fields['settled']).toBe(true);
    raw.socket.destroy();
    const again = await arrive();
    again.write(attach({ name: 'r', handle: 0, receives: true, address: devicebound }), credit(0, 5, { echo: true }));
    await again.frame(named('flow'));
    expect(again.frames().filter(named('transfer'))).toEqual([]);
  });

  test('is done at once by the hub even if the client sets `rcv-settle-mode` to 1 (second), as uamqp does', async () => {
    const raw = await arrive();
    raw.write(
      attach({ name: 's', handle: 0, receives: false, address: events, snd_settle_mode: 0, rcv_settle_mode: 1 }),
    );
    await raw.frame(named('flow'));
    raw.write(transfer(0, hello));
    const { fields } = await raw.frame(named('disposition'));
    expect(fields).toMatchObject({ role: true, first: 0, settled: true });
  });

  test('needs no outcome from the hub if the client settled the delivery', async () => {
    const raw = await arrive();
    raw.write(
      attach({ name: 's', handle: 0, receives: false, address: events, snd_settle_mode: 2, rcv_settle_mode: 1 }),
    );
    await raw.frame(named('flow'));
    raw.write(transfer(0, hello, { settled: true }), transfer(1, hello));
    await raw.frame(named('disposition'));
    const dispositions = raw.frames().filter(named('disposition'));
    expect(dispositions.map(({ fields }) => fields['first'])).toEqual([1]);
  });

  test('needs no outcome from the hub if only the last frame of the delivery is settled', async () => {
    const raw = await arrive();
    raw.write(attach({ name: 's', handle: 0, receives: false, address: events }));
    await raw.frame(named('flow'));
    raw.write(
      transfer(0, hello.subarray(0, 4), { more: true }),
      transfer(undefined, hello.subarray(4), { settled: true }),
      transfer(1, hello),
    );
    expect((await raw.frame(named('disposition'))).fields['first']).toBe(1);
  });
});

describe('a hub, in AMQP flow control,', () => {
  test('gives credit from the initial delivery count of the sender, even if the count overflows 32 bits', async () => {
    const raw = await arrive();
    const start = 4_294_967_294;
    raw.write(attach({ name: 's', handle: 0, receives: false, address: events, initial_delivery_count: start }));
    expect((await raw.frame(named('flow'))).fields).toMatchObject({ delivery_count: start, link_credit: 32 });
    raw.write(...Array.from({ length: 8 }, (_, at) => transfer((start + at) >>> 0, hello)));
    const later = await raw.frame(({ name, fields }) => name === 'flow' && fields['delivery_count'] === 6);
    expect(later.fields['link_credit']).toBe(32);
  });

  test.each<[string, object]>([
    ['a link', { handle: 0, delivery_count: 0, link_credit: 5 }],
    ['a session', {}],
  ])('answers an echo request about %s', async (_name, fields) => {
    const raw = await arrive();
    raw.write(attach({ name: 'r', handle: 0, receives: true, address: devicebound }), flow({ ...fields, echo: true }));
    const answer = await raw.frame(named('flow'));
    expect(answer.fields['link_credit'] ?? 'none').toBe('handle' in fields ? 5 : 'none');
  });

  test('sends queued messages before it answers a drain request with credit 0', async () => {
    const raw = await arrive();
    open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from('waits') });
    raw.write(attach({ name: 'r', handle: 0, receives: true, address: devicebound }), credit(0, 5, { drain: true }));
    const answer = await raw.frame(named('flow'));
    expect(answer.fields).toMatchObject({ delivery_count: 5, link_credit: 0, drain: true });
    const order = raw.frames().map(({ name }) => name);
    expect(order.indexOf('transfer')).toBeGreaterThan(order.indexOf('attach'));
    expect(order.indexOf('transfer')).toBeLessThan(order.indexOf('flow'));
    raw.write(frame('disposition', { role: true, first: 0, settled: true }));
    raw.write(credit(5, 1));
    open.cloud.operator.sendToDevice(hub, 'dev', { body: Buffer.from('next') });
    await raw.frame((read) => read.payload.includes('next'));
    raw.write(frame('disposition', { role: true, first: 1, settled: true }), frame('close', {}));
    await raw.frame(named('close'));
  });

  test('answers a FLOW with `drain` that also sets the credit to 0, like the FLOW of go-amqp', async () => {
    const raw = await arrive();
    raw.write(attach({ name: 'r', handle: 0, receives: true, address: devicebound }), credit(0, 5));
    await raw.frame(attached('r'));
    raw.write(credit(0, 0, { drain: true }));
    expect((await raw.frame(named('flow'))).fields).toMatchObject({ delivery_count: 0, link_credit: 0, drain: true });
    raw.write(credit(0, 5, { echo: true }));
    const later = await raw.frame(({ name, fields }) => name === 'flow' && fields['link_credit'] === 5);
    expect(later.fields['drain']).not.toBe(true);
  });

  test('counts credit from zero for a client that has not seen the attach frame', async () => {
    const raw = await arrive();
    raw.write(
      attach({ name: 'r', handle: 0, receives: true, address: '/devices/dev/twin' }),
      frame('flow', {
        incoming_window: 100,
        next_outgoing_id: 0,
        outgoing_window: 100,
        handle: 0,
        link_credit: 3,
        echo: true,
      }),
    );
    expect((await raw.frame(named('flow'))).fields['link_credit']).toBe(3);
  });
});

describe('a message', () => {
  const large = Buffer.alloc(60_000, 0x20);
  /** Encodes one delivery on handle 0 as several frames: a data section of the given size. */
  function pieces(id: number, size: number): Buffer[] {
    const head = Buffer.from('005375b000000000', 'hex');
    head.writeUInt32BE(size, 4);
    const bytes = Buffer.concat([head, Buffer.alloc(size, 0x20)]);
    const count = Math.ceil(bytes.length / large.length);
    return Array.from({ length: count }, (_, at) => {
      const part = bytes.subarray(at * large.length, (at + 1) * large.length);
      return transfer(at === 0 ? id : undefined, part, { more: at + 1 < count });
    });
  }

  test('between 256 KB and the maximum size of the link is rejected, and the link stays open', async () => {
    const raw = await arrive();
    raw.write(attach({ name: 's', handle: 0, receives: false, address: events }));
    await raw.frame(named('flow'));
    raw.write(...pieces(0, 1_000_000), transfer(1, hello));
    const rejected = await raw.frame(named('disposition'));
    expect(rejected.fields).toMatchObject({ first: 0, settled: true });
    expect(
      (await raw.frame((read) => read.name === 'disposition' && read.fields['first'] === 1)).fields['settled'],
    ).toBe(true);
    expect(raw.frames().filter(named('detach'))).toEqual([]);
  });

  test('above the maximum size of the link ends only the link', async () => {
    const raw = await arrive();
    raw.write(
      attach({ name: 's', handle: 0, receives: false, address: events }),
      attach({ name: 'other', handle: 1, receives: false, address: events }),
    );
    await raw.frame(({ name, fields }) => name === 'flow' && fields['handle'] === 1);
    raw.write(...pieces(0, 1_200_000), transfer(1, hello, { handle: 1 }));
    const detach = await raw.frame(named('detach'));
    expect(detach.fields).toMatchObject({
      handle: 0,
      closed: true,
      error: { condition: 'amqp:link:message-size-exceeded' },
    });
    expect(open.decisions().at(-1)?.checks.at(-1)).toMatchObject({
      passed: false,
      found: 'a message of more than 1048576 bytes',
    });
    const taken = await raw.frame(named('disposition'));
    expect(taken.fields).toMatchObject({ first: 1, settled: true });
  });

  test.each([0, 1])(
    'is dropped if the client aborts it after %i frames, and the next message is accepted',
    async (frames) => {
      const raw = await arrive();
      raw.write(attach({ name: 's', handle: 0, receives: false, address: events }));
      await raw.frame(named('flow'));
      const before = open.history.events().length;
      const begun = frames === 0 ? [] : [transfer(0, hello.subarray(0, 4), { more: true })];
      const end = transfer(frames === 0 ? 0 : undefined, Buffer.from('rest'), { aborted: true });
      raw.write(...begun, end, transfer(1, hello));
      expect((await raw.frame(named('disposition'))).fields).toMatchObject({ first: 1 });
      const sent = open.history
        .events()
        .slice(before)
        .filter((event) => event.kind === 'wire');
      expect(sent.map(({ message }) => message)).toEqual(['SEND messages/events x']);
    },
  );
});

describe('many devices on one connection', () => {
  /**
   * Connects devices over one TLS connection: with one session for each device, as the C# and Java SDKs do, or with one session for all
   * devices.
   */
  async function connect(ids: readonly string[], isPooled: boolean): Promise<RawAmqp> {
    const owner = { policyName: 'iothubowner', key: ownerOf(open).key };
    const raw = await arrive(`${owner.policyName}@sas.root.${hub}`, serviceToken(owner, hub));
    const begin = frame('begin', { next_outgoing_id: 0, incoming_window: 100, outgoing_window: 100 });
    const frames = ids.flatMap((id, at) => {
      const [channel, handle] = isPooled ? [at + 1, 0] : [0, 2 * at];
      const links = [
        attach({ name: `${id}-events`, handle, receives: false, address: `/devices/${id}/messages/events` }),
        attach({
          name: `${id}-c2d`,
          handle: handle + 1,
          receives: true,
          address: `/devices/${id}/messages/devicebound`,
        }),
      ];
      return (isPooled ? [begin, ...links] : links).map((each) => onChannel(each, channel));
    });
    raw.write(...frames);
    return raw;
  }

  test.each([
    ['each in its own session', true],
    ['in one session', false],
  ])('can all attach their links, %s', async (_name, isPooled) => {
    const ids = Array.from({ length: 60 }, (_, at) => `pool-${isPooled ? 's' : 'o'}-${at}`);
    for (const id of ids) await createDevice(open, id);
    const raw = await connect(ids, isPooled);
    await raw.frame(attached(`${ids.at(-1)}-c2d`));
    const answers = raw.frames().filter(named('attach'));
    expect(answers.length).toBe(120);
    expect(answers.filter(({ fields }) => addressOf(fields['source']) === null)).toEqual([]);
  });
});

/** Returns a copy of the frame for another channel. */
function onChannel(bytes: Buffer, channel: number): Buffer {
  const moved = Buffer.from(bytes);
  moved.writeUInt16BE(channel, 6);
  return moved;
}

describe('a detach', () => {
  test.each([true, false])('with `closed: %s` gets a DETACH with the same value as answer', async (closed) => {
    const raw = await arrive();
    raw.write(
      attach({ name: 's', handle: 0, receives: false, address: events }),
      frame('detach', { handle: 0, closed }),
    );
    expect((await raw.frame(named('detach'))).fields['closed'] === true).toBe(closed);
  });
});

test('an answer and a rejection of DPS contain the time until the next request as a 32-bit int, under `retry-after` and `Retry-After`', async () => {
  const address = `${idScope}/registrations/dev`;
  const raw = await arrive(address, dpsToken(keys.primaryKey, 'dev'));
  const properties = { 'com.microsoft:api-version': '2019-03-31' };
  raw.write(
    attach({ name: 'r', handle: 0, receives: true, address, properties }),
    credit(0, 10),
    attach({ name: 's', handle: 1, receives: false, address, properties }),
  );
  await raw.frame(attached('s'));
  const ask = (id: number): Buffer => {
    const message = rhea.message.encode({
      application_properties: { 'iotdps-operation-type': 'iotdps-register' },
      body: rhea.message.data_section(Buffer.from('{}')),
    });
    return transfer(id, message, { handle: 1 });
  };
  open.cloud.faults.add({ effect: { kind: 'answer', status: 429, retryAfterSeconds: 7 }, count: 1 });
  raw.write(ask(0));
  // The name is encoded as a symbol or a string of eleven bytes, and the value as a small int.
  await raw.heard(Buffer.from('\u00a3\u000bretry-after\u0054\u0007', 'latin1'));
  await raw.heard(Buffer.from('\u00a3\u000bRetry-After\u0054\u0007', 'latin1'));
  raw.write(ask(1));
  await raw.heard(Buffer.from('\u00a1\u000bretry-after\u0054\u0003', 'latin1'));
  await raw.heard(Buffer.from('\u00a1\u000bRetry-After\u0054\u0003', 'latin1'));
});
