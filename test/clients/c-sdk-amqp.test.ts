import rhea from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dpsToken, hubToken, individual, symmetricKeys } from '../mocks/clients/credentials.ts';
import { askAsOwner, createDevice } from '../mocks/clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../mocks/clients/open-cloud.ts';
import { frame, RawAmqp, saslHeader, type ReadFrame } from '../mocks/clients/raw-amqp.ts';
import { addressOf, attach, attached, flow, hello, named, opening, transfer } from '../mocks/clients/raw-links.ts';

/*
 * The C device SDK (LTS_03_2025) over AMQP. CI cannot build this SDK, so this test sends the frames that the SDK was observed to send, in
 * the same order. It expects each answer to have what the sources of the SDK require.
 */

const [hub] = hubs;
const keys = symmetricKeys();
const opened: RawAmqp[] = [];
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud();
  open.cloud.operator.putEnrollment(individual('c-key', keys));
  key = await createDevice(open, 'c-hub');
});
afterEach(() => {
  for (const raw of opened.splice(0)) raw.socket.destroy();
});
afterAll(() => open.cloud.close());

type Wire = 'TCP' | 'WebSocket';

async function dial(wire: Wire): Promise<RawAmqp> {
  const raw = wire === 'TCP' ? await RawAmqp.open(open.cloud) : await RawAmqp.openWebSocket(open.cloud);
  opened.push(raw);
  return raw;
}

const messageOf = (fields: object): Buffer => rhea.message.encode(fields);
const data = (text: string): unknown => rhea.message.data_section(Buffer.from(text));
const client = 'iothubclient/1.14.0 (native; Linux; x86_64)';

/** `link.c` treats an answer without source or target as a refusal, and `message_sender.c` sends nothing without a maximum size. */
function expectUsable({ fields }: ReadFrame): void {
  expect([addressOf(fields['source']), addressOf(fields['target'])]).toEqual([
    expect.any(String) as string,
    expect.any(String) as string,
  ]);
  // iothubtransport_amqp_telemetry_messenger.c reserves 1024 octets of this size.
  expect(fields['max_message_size']).toBeGreaterThan(1024);
}

/** Returns the application properties or annotations of a message: type code and value by name. */
function typed(payload: Buffer, section: number): Record<string, { readonly code: number; readonly value: unknown }> {
  const Reader = (rhea.types as unknown as { Reader: new (bytes: Buffer) => SectionReader }).Reader;
  const reader = new Reader(payload);
  while (reader.remaining() > 0) {
    const { descriptor, value } = reader.read();
    if (Number(descriptor.value) !== section) continue;
    const pairs = Array.from({ length: value.length / 2 }, (_, at) => [value[2 * at], value[2 * at + 1]] as const);
    return Object.fromEntries(
      pairs.map(([name, each]) => [String(name?.value), { code: each?.type.typecode ?? 0, value: each?.value }]),
    );
  }
  return {};
}

interface SectionReader {
  remaining(): number;
  read(): {
    readonly descriptor: { readonly value: unknown };
    readonly value: readonly { readonly type: { readonly typecode: number }; readonly value: unknown }[];
  };
}

const annotations = 0x72;
const applicationProperties = 0x74;
/** AMQP has these two encodings of `int`. The function `amqpvalue_get_int` of the SDK reads no other type. */
const intCodes = [0x54, 0x71];

const bodyOf = ({ payload }: ReadFrame): Record<string, unknown> =>
  JSON.parse((rhea.message.decode(payload)['body'] as { content: Buffer }).content.toString()) as Record<
    string,
    unknown
  >;

describe.each<Wire>(['TCP', 'WebSocket'])('the C SDK over AMQP, %s', (wire) => {
  test('registers with a key over two links, reads retry-after as an int, and gets the assignment', async () => {
    const raw = await dial(wire);
    const address = `amqps://global.azure-devices-provisioning.net/${idScope}/registrations/c-key`;
    const properties = { 'com.microsoft:api-version': '2021-06-01' };
    const login = Buffer.from(`\0${idScope}/registrations/c-key\0${dpsToken(keys.primaryKey, 'c-key')}`);
    raw.write(saslHeader, frame('sasl_init', { mechanism: 'PLAIN', initial_response: login }));
    await raw.frame(named('sasl_outcome'));
    raw.write(opening('global.azure-devices-provisioning.net'));
    const ends = { address, properties, snd_settle_mode: 0, rcv_settle_mode: 0 };
    raw.write(
      attach({ name: 'recv_link', handle: 0, receives: true, ...ends, max_message_size: 65_536 }),
      attach({ name: 'sender_link', handle: 1, receives: false, ...ends }),
    );
    expectUsable(await raw.frame(attached('recv_link')));
    raw.write(flow({ handle: 0, delivery_count: 0, link_credit: 10_000 }));
    expectUsable(await raw.frame(attached('sender_link')));
    await raw.frame(({ name, fields }) => name === 'flow' && fields['handle'] === 1);
    raw.write(
      transfer(
        0,
        messageOf({ application_properties: { 'iotdps-operation-type': 'iotdps-register' }, body: data('{}') }),
        {
          handle: 1,
        },
      ),
    );
    const first = await raw.frame(named('transfer'));
    const wait = typed(first.payload, applicationProperties)['retry-after'];
    expect(intCodes).toContain(wait?.code);
    expect(wait?.value).toBe(3);
    const { operationId } = bodyOf(first);
    raw.write(frame('disposition', { role: true, first: 0, last: 0, settled: true }));
    open.clock.set(open.clock.now() + 3000);
    const poll = { 'iotdps-operation-type': 'iotdps-get-operationstatus', 'iotdps-operation-id': operationId };
    raw.write(transfer(1, messageOf({ application_properties: poll, body: data('') }), { handle: 1 }));
    const second = await raw.frame(({ name, fields }) => name === 'transfer' && fields['delivery_id'] === 1);
    expect(bodyOf(second)).toMatchObject({ status: 'assigned', registrationState: { deviceId: 'c-key' } });
    raw.write(
      frame('detach', { handle: 1, closed: true }),
      frame('detach', { handle: 0, closed: true }),
      frame('end', {}),
      frame('close', {}),
    );
    await raw.frame(named('close'));
    // The SDK would treat a rejected delivery as a failed registration.
    expect(
      raw
        .frames()
        .filter(named('disposition'))
        .map(({ fields }) => fields['settled']),
    ).toEqual([true, true]);
  });

  /**
   * Opens a connection with SASL and `$cbs` in the order of the hub transport. Afterwards the link handles 0 and 1 and the delivery 0
   * are in use.
   */
  async function arrive(
    id = 'c-hub',
    token = hubToken(key, hub, 'c-hub'),
  ): Promise<{ raw: RawAmqp; answer: ReadFrame }> {
    const raw = await dial(wire);
    raw.write(saslHeader);
    const offered = await raw.frame(named('sasl_mechanisms'));
    expect(offered.fields['sasl_server_mechanisms']).toContain('MSSBCBS');
    raw.write(frame('sasl_init', { mechanism: 'MSSBCBS' }));
    await raw.frame(named('sasl_outcome'));
    const cbs = { address: '$cbs', snd_settle_mode: 0, rcv_settle_mode: 0 };
    raw.write(
      opening(),
      attach({ name: '$cbs-sender', handle: 0, receives: false, ...cbs }),
      attach({ name: '$cbs-receiver', handle: 1, receives: true, ...cbs }),
    );
    const [sender, receiver] = [await raw.frame(attached('$cbs-sender')), await raw.frame(attached('$cbs-receiver'))];
    for (const link of [sender, receiver]) expect(addressOf(link.fields['target'])).toEqual(expect.any(String));
    await raw.frame(({ name, fields }) => name === 'flow' && fields['handle'] === 0);
    const put = { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name: `${hub}/devices/${id}` };
    raw.write(
      transfer(0, messageOf({ message_id: rhea.types.wrap_ulong(0), application_properties: put, body: token })),
      flow({ handle: 1, delivery_count: 0, link_credit: 10_000 }),
    );
    return { raw, answer: await raw.frame(named('transfer')) };
  }

  test('sends a token, and gets an answer whose status is an int and whose correlation ID is a ulong', async () => {
    const { answer } = await arrive();
    const status = typed(answer.payload, applicationProperties)['status-code'];
    expect(intCodes).toContain(status?.code);
    expect(status?.value).toBe(200);
    // The sixth field of the properties is the correlation ID (ulong 0). amqp_management.c finds the request by this ID.
    expect(answer.payload.includes(Buffer.from('404040404044', 'hex'))).toBe(true);
  });

  test('gets 404 if its device is not registered', async () => {
    const { answer } = await arrive('c-ghost');
    const { 'status-code': status, 'status-description': why } = typed(answer.payload, applicationProperties);
    expect([status?.value, why?.value]).toEqual([404, 'Device c-ghost at IotHub hub-eu not registered.']);
  });

  test('sends telemetry in batches, and receives messages, its twin and methods', async () => {
    const { raw } = await arrive();
    const at = `amqps://${hub}/devices/c-hub`;
    const twin = { properties: { 'com.microsoft:client-version': client, 'com.microsoft:api-version': '2020-09-30' } };
    raw.write(
      frame('disposition', { role: true, first: 0, last: 0, settled: true }),
      attach({ name: 'link-snd', handle: 2, receives: false, address: `${at}/messages/events`, snd_settle_mode: 0 }),
      attach({
        name: 'link-rcv',
        handle: 4,
        receives: true,
        address: `${at}/messages/devicebound`,
        rcv_settle_mode: 1,
      }),
      attach({ name: 'twin-snd', handle: 3, receives: false, address: `${at}/twin`, snd_settle_mode: 1, ...twin }),
      attach({ name: 'twin-rcv', handle: 5, receives: true, address: `${at}/twin`, snd_settle_mode: 1, ...twin }),
      attach({
        name: 'method-snd',
        handle: 6,
        receives: false,
        address: `${at}/methods/devicebound`,
        snd_settle_mode: 1,
      }),
      attach({
        name: 'method-rcv',
        handle: 7,
        receives: true,
        address: `${at}/methods/devicebound`,
        snd_settle_mode: 1,
      }),
      ...[4, 5, 7].map((handle) => flow({ handle, delivery_count: 0, link_credit: 10_000 })),
    );
    for (const name of ['link-snd', 'link-rcv', 'twin-snd', 'twin-rcv', 'method-snd', 'method-rcv']) {
      expectUsable(await raw.frame(attached(name)));
    }
    await raw.frame(({ name, fields }) => name === 'flow' && fields['handle'] === 6);

    const batch = messageOf({ body: rhea.message.data_sections([hello, hello]) });
    raw.write(transfer(1, batch, { handle: 2, message_format: 0x80013700 }));
    const taken = await raw.frame(({ name, fields }) => name === 'disposition' && fields['first'] === 1);
    expect(taken.fields).toMatchObject({ settled: true });

    const get = { operation: 'GET' };
    raw.write(
      transfer(2, messageOf({ correlation_id: 'twin-get', message_annotations: get, body: data('') }), {
        handle: 3,
        settled: true,
      }),
    );
    const answer = await raw.frame(({ payload }) => payload.includes('twin-get'));
    // The client requested settled deliveries on this link, so the hub must grant them.
    expect(answer.fields['settled']).toBe(true);
    expect(intCodes).toContain(typed(answer.payload, annotations)['status']?.code);
    expect(bodyOf(answer)).toMatchObject({ desired: { $version: 1 }, reported: { $version: 1 } });

    expect(open.cloud.operator.sendToDevice(hub, 'c-hub', { body: Buffer.from('for c-hub') })).toMatchObject({
      ok: true,
    });
    const message = await raw.frame(({ payload }) => payload.includes('for c-hub'));
    const id = message.fields['delivery_id'];
    raw.write(frame('disposition', { role: true, first: id, last: id, settled: true, state: accepted }));

    const called = askAsOwner(open, 'POST', '/twins/c-hub/methods', {
      body: { methodName: 'blink', payload: { times: 3 }, responseTimeoutInSeconds: 10 },
    });
    const call = await raw.frame(({ payload }) => payload.includes('blink'));
    expect(call.fields['settled']).toBe(true);
    const { correlation_id: correlation } = rhea.message.decode(call.payload) as { correlation_id?: Buffer };
    raw.write(
      transfer(
        3,
        messageOf({
          correlation_id: rhea.types.wrap_uuid(correlation ?? Buffer.alloc(16)),
          application_properties: { 'IoThub-status': rhea.types.wrap_int(200) },
          body: data('{"done":true}'),
        }),
        { handle: 6, settled: true },
      ),
    );
    expect((await called).body).toEqual({ status: 200, payload: { done: true } });
    await expect
      .poll(async () => (await askAsOwner(open, 'GET', '/devices/c-hub')).body?.['cloudToDeviceMessageCount'])
      .toBe(0);
  });
});

/** rhea can write outcomes, although its types do not declare that. */
const outcomes = rhea.message as unknown as { readonly accepted: (this: void) => { described(): object } };
const accepted = outcomes.accepted().described();
