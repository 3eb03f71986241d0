import * as fc from 'fast-check';
import rhea from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { areMessageSections, endOfValue, measured } from '../../../../mocks/listeners/amqp/framing/amqp-value.ts';
import { AmqpClient, jsonOf } from '../../clients/amqp-client.ts';
import { dpsToken, individual, symmetricKeys } from '../../clients/credentials.ts';
import { idScope, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { amqpHeader, beginning, frame, frameAround, RawAmqp, saslHeader } from '../../clients/raw-amqp.ts';
import { attach } from '../../clients/raw-links.ts';

// A failure prints this seed and the path to the smallest failing input.
const bounds = { seed: 20261125 };
const keys = symmetricKeys();
const crashes: unknown[] = [];
const spoken: string[] = [];
let open: OpenCloud;

const crashed = (reason: unknown): void => {
  crashes.push(reason);
};
const { error: sayError, warn: sayWarning } = console;

beforeAll(async () => {
  process.on('unhandledRejection', crashed).on('uncaughtExceptionMonitor', crashed);
  // The mock must prevent that rhea prints errors to the console, so this test records every printed text.
  console.error = (...words: unknown[]) => void spoken.push(words.join(' '));
  console.warn = console.error;
  open = await openCloud({ assignmentMs: 0, amqpEndpointLimit: 50 });
  open.cloud.operator.putEnrollment(individual('dev', keys));
});
afterAll(async () => {
  Object.assign(console, { error: sayError, warn: sayWarning });
  process.off('unhandledRejection', crashed).off('uncaughtExceptionMonitor', crashed);
  await open.cloud.close();
});

async function registersWell(): Promise<void> {
  const device = await AmqpClient.open(open.cloud, 'dev', {
    username: `${idScope}/registrations/dev`,
    password: dpsToken(keys.primaryKey, 'dev'),
  });
  expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
  await device.close();
}

/** Checks that a valid device still registers, that the history has no internal error, and that no text was printed. */
afterEach(async () => {
  await registersWell();
  expect(crashes.splice(0)).toEqual([]);
  expect(spoken.splice(0)).toEqual([]);
});

const address = `${idScope}/registrations/dev`;
const opened = Buffer.concat([amqpHeader, frame('open', { container_id: 'raw' })]);
const begun = Buffer.concat([
  opened,
  frame('begin', { next_outgoing_id: 0, incoming_window: 100, outgoing_window: 100 }),
]);
const say = async (...bytes: readonly Buffer[]): Promise<Buffer> =>
  (await RawAmqp.open(open.cloud)).stderrTail(...bytes);

/** Encodes a performative, `described(0x10..) list32`, with the given fields. */
const performative = (code: number, content: string): Buffer =>
  frameAround(Buffer.concat([Buffer.from([0, 0x53, code]), Buffer.from(content, 'hex')]));

/** An array32 of 4294967295 elements that need no bytes: each is `true`. */
const bomb = 'f000000005ffffffff41';
/** A list whose only field is the array of `bomb`. */
const bombInside = `d00000000e00000001${bomb}`;

describe('the AMQP listener ends the connection of a client that', () => {
  test.each<[string, Buffer]>([
    ['speaks HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['speaks MQTT', Buffer.from('101000044d5154540402003c000474657374', 'hex')],
    ['speaks AMQP 0-9-1', Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1')],
    ['speaks TLS inside TLS', Buffer.from('AMQP\u0002\u0001\0\0', 'latin1')],
  ])('%s (after the listener has answered with the SASL header), and records it', async (_name, bytes) => {
    expect(await say(bytes)).toEqual(saslHeader);
    expect(open.lastVerdict()).toBe('dps request-well-formed');
    expect(open.decisions().at(-1)?.checks.at(-1)?.found).toContain('AMQP 1.0 protocol header');
  });

  test.each<[string, Buffer]>([
    ['sends a frame of 4 GB', Buffer.concat([opened, Buffer.from('ffffffff02000000', 'hex')])],
    ['sends a frame shorter than its head', Buffer.concat([opened, Buffer.from('0000000402000000', 'hex')])],
    ['sends a frame of unknown type', Buffer.concat([opened, frameAround(Buffer.from('005310c0010000', 'hex'), 9)])],
    ['sends a frame whose body begins behind its end', Buffer.concat([opened, Buffer.from('0000000803000000', 'hex')])],
    ['sends the header twice', Buffer.concat([opened, amqpHeader])],
    ['opens twice', Buffer.concat([opened, frame('open', { container_id: 'again' })])],
    ['counts to four billion in an array', Buffer.concat([opened, performative(0x11, bomb)])],
    ['hides the same inside a list', Buffer.concat([opened, performative(0x11, bombInside)])],
    ['nests a thousand descriptors', Buffer.concat([opened, frameAround(Buffer.alloc(1000))])],
    [
      'asks for frames below 512 bytes',
      Buffer.concat([amqpHeader, frame('open', { container_id: 'x', max_frame_size: 20 })]),
    ],
    ['sends an unknown performative', Buffer.concat([opened, performative(0x99, 'c0020100')])],
    [
      'begins more sessions than a connection may have',
      Buffer.concat([begun, ...Array.from({ length: 60 }, () => begun.subarray(opened.length))]),
    ],
    ['attaches without a session', Buffer.concat([opened, frame('attach', { name: 'l', handle: 0, role: false })])],
    [
      'attaches more links than a connection may have',
      Buffer.concat([
        begun,
        ...Array.from({ length: 60 }, (_, handle) =>
          attach({ name: `l${handle}`, handle, receives: false, address: '$cbs' }),
        ),
      ]),
    ],
    [
      'settles four billion deliveries',
      Buffer.concat([begun, frame('disposition', { role: true, first: 0, last: 4294967295, settled: true })]),
    ],
    ['sends on no link', Buffer.concat([begun, frame('transfer', { handle: 7, delivery_id: 0 }, Buffer.from('x'))])],
    ['sends a message that is none', Buffer.concat([beginning(address), transfer(0, Buffer.from('rubbish'))])],
    ['sends an empty message', Buffer.concat([beginning(address), transfer(0, Buffer.alloc(0))])],
    [
      'hides a count in a message',
      Buffer.concat([beginning(address), transfer(0, Buffer.from(`005377${bomb}`, 'hex'))]),
    ],
    [
      'sends without end on several links at once',
      Buffer.concat([
        beginning(address),
        ...Array.from({ length: 5 }, (_, at) => frame('attach', { name: `more${at}`, handle: at + 1, role: false })),
        ...Array.from({ length: 6 * 26 }, (_, at) =>
          frame(
            'transfer',
            {
              handle: at % 6,
              more: true,
              ...(at < 6 ? { delivery_id: at, delivery_tag: Buffer.from([at]), message_format: 0 } : {}),
            },
            Buffer.alloc(40_000),
          ),
        ),
      ]),
    ],
    [
      'answers SASL before it is asked',
      Buffer.concat([saslHeader, frame('sasl_response', { response: Buffer.from('x') })]),
    ],
    [
      'asks for a mechanism that there is not',
      Buffer.concat([saslHeader, frame('sasl_init', { mechanism: 'constructor' })]),
    ],
    ['sends an empty PLAIN', Buffer.concat([saslHeader, frame('sasl_init', { mechanism: 'PLAIN' })])],
    [
      'logs in with a user name that has no known form',
      Buffer.concat([
        saslHeader,
        frame('sasl_init', { mechanism: 'PLAIN', initial_response: Buffer.from('\0a/b\0c') }),
      ]),
    ],
    ['speaks AMQP frames in SASL', Buffer.concat([saslHeader, frame('open', { container_id: 'x' })])],
  ])('%s, and records it', async (_name, bytes) => {
    const before = open.decisions().length;
    await say(bytes);
    expect(open.decisions().slice(before)).not.toEqual([]);
    expect(open.lastVerdict()).not.toContain('passed');
  });
});

test('the AMQP listener records nothing for a client that closes the connection with its own error', async () => {
  const before = open.decisions().length;
  const error = rhea.types.wrap_described([rhea.types.wrap_symbol('amqp:internal-error'), 'out of memory'], 0x1d);
  await say(opened, frame('close', { error }));
  expect(open.decisions().slice(before)).toEqual([]);
});

function transfer(id: number, payload: Buffer, more = false, first = true): Buffer {
  const named = first ? { delivery_id: id, delivery_tag: Buffer.from([id]), message_format: 0 } : {};
  return frame('transfer', { handle: 0, more, ...named }, payload);
}

test('the AMQP listener reads no messages on a refused link', async () => {
  const raw = await RawAmqp.open(open.cloud);
  const before = open.history.events().length;
  raw.socket.write(Buffer.concat([beginning('hello'), transfer(0, Buffer.from('005375a000', 'hex'))]));
  await raw.heard('Resource not found.');
  await raw.stderrTail(frame('close', {}));
  const since = open.history.events().slice(before);
  const messages = since.flatMap((event) => (event.kind === 'wire' ? [event.message.split(' → ')[0]] : []));
  expect(messages).toEqual(['ATTACH to hello']);
});

test('the AMQP listener reads frames that arrive together with SASL frames, after SASL has ended', async () => {
  const raw = await RawAmqp.open(open.cloud);
  const token = dpsToken(keys.primaryKey, 'dev');
  const login = Buffer.from(`\0${address}\0${token}`);
  raw.socket.write(
    Buffer.concat([
      saslHeader,
      frame('sasl_init', { mechanism: 'PLAIN', initial_response: login }),
      beginning(address),
      transfer(0, Buffer.from('005375a000', 'hex')),
    ]),
  );
  // The request names no operation, and the rejection reports this.
  await raw.heard('Resource not found.');
  await raw.stderrTail(frame('close', {}));
});

test('the AMQP listener accepts a connection whose bytes arrive one by one', async () => {
  const raw = await RawAmqp.open(open.cloud);
  for (const byte of beginning(address)) raw.socket.write(Buffer.from([byte]));
  await raw.heard('AMQP');
  await raw.stderrTail(frame('close', {}));
});

test('the AMQP listener serves other clients while 30 clients have stopped in the middle of a frame', async () => {
  const stalled = await Promise.all(Array.from({ length: 30 }, () => RawAmqp.open(open.cloud)));
  stalled.forEach((raw, index) => raw.socket.write(beginning(address).subarray(0, index * 9)));
  await Promise.all(Array.from({ length: 5 }, registersWell));
  for (const raw of stalled) raw.socket.destroy();
});

describe('the AMQP listener still works after random data', () => {
  test.each<[string, Buffer]>([
    ['instead of a header', Buffer.alloc(0)],
    ['behind the header', amqpHeader],
    ['behind the SASL header', saslHeader],
    ['behind an open frame', opened],
    ['behind a link', beginning(address)],
  ])('%s', async (_name, before) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const raw = await RawAmqp.open(open.cloud);
        raw.socket.end(Buffer.concat([before, bytes]));
        await raw.stderrTail();
      }),
      { ...bounds, numRuns: 25 },
    );
  });

  test('in well-formed frames', async () => {
    const codes = [0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18];
    const value = fc.oneof(
      fc.constantFrom('40', '41', '42', '43', '44', '45', '5201', '5403', '70ffffffff', '80ffffffffffffffff'),
      fc.constantFrom('a10161', 'a30161', 'a000', 'c0020140', 'c1010000', '005324c0010000', '00531dc00401a30161'),
    );
    const body = fc.tuple(fc.constantFrom(...codes), fc.array(value, { maxLength: 14 })).map(([code, values]) => {
      const items = Buffer.from(values.join(''), 'hex');
      const head = Buffer.from([0, 0x53, code, 0xc0, items.length + 1, values.length]);
      return frameAround(Buffer.concat([head, items]));
    });
    await fc.assert(
      fc.asyncProperty(fc.array(body, { maxLength: 6 }), async (bodies) => {
        const raw = await RawAmqp.open(open.cloud);
        raw.socket.end(Buffer.concat([beginning(address), ...bodies]));
        await raw.stderrTail();
      }),
      { ...bounds, numRuns: 150 },
    );
  });
});

describe('the parser of AMQP values', () => {
  test('never reads beyond the given bytes and always ends soon', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const end = endOfValue(measured(Buffer.from(bytes)), 0);
        expect(end === undefined || (end > 0 && end <= bytes.length)).toBe(true);
      }),
      { ...bounds, numRuns: 2000 },
    );
  });

  test.each<[string, string, boolean]>([
    ['a data section', '005375a0036162ff', true],
    ['a list longer than its items', '005373c0030140005377a10161', false],
    ['an empty properties list and a value', '00537345005377a10161', true],
    ['nothing', '', false],
    ['a value without a section', 'a10161', false],
    ['a section cut short', '005375a00361', false],
    ['an array of arrays that count', '005377e00c02e00203414100e0020041'.slice(0, 30), false],
  ])('recognises whether octets are complete message sections: %s', (_name, hex, good) => {
    expect(areMessageSections(Buffer.from(hex, 'hex'))).toBe(good);
  });
});
