import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { freshKey, Random } from '../../core/random.ts';

describe('the random stream of a seed', () => {
  test('is HMAC-SHA256 in counter mode, keyed with the hash of the seed', () => {
    const key = createHash('sha256').update('rehearsal').digest();
    const block = (counter: number): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(counter, 4);
      return createHmac('sha256', key).update(bytes).digest();
    };
    expect(new Random('rehearsal').bytes(80)).toEqual(Buffer.concat([block(0), block(1), block(2)]).subarray(0, 80));
  });

  test('never changes between releases', () => {
    const random = new Random('rehearsal');
    expect({
      bytes: random.bytes(8).toString('hex'),
      number: random.number(),
      uuid: random.uuid(),
      fork: random.fork('operations').bytes(8).toString('hex'),
    }).toMatchInlineSnapshot(`
      {
        "bytes": "2f4d874a6daf1c7d",
        "fork": "7eb59c0d1b4f3b21",
        "number": 0.91707530352992,
        "uuid": "65d8849c-ba19-4923-9a60-7c96e4957ee2",
      }
    `);
  });

  test.each([[[1, 1, 1, 61]], [[64]], [[33, 0, 31]], [[5, 40, 19]]])(
    'gives the same bytes if they are read in portions of %j',
    (cuts) => {
      const random = new Random('cuts');
      const drawn = Buffer.concat(cuts.map((length) => random.bytes(length)));
      expect(drawn).toEqual(new Random('cuts').bytes(64));
    },
  );

  test('differs between seeds', () => {
    const seeds = ['', '1', '2', '01', 'a', 'A', 'ü', 'u\u0308'];
    const streams = new Set(seeds.map((seed) => new Random(seed).bytes(16).toString('hex')));
    expect(streams.size).toBe(seeds.length);
  });

  test('can be forked; values drawn from the stream and values drawn from its fork do not affect each other', () => {
    const fresh = new Random('seed');
    const used = new Random('seed');
    used.bytes(100);
    expect(used.fork('hub').bytes(32)).toEqual(fresh.fork('hub').bytes(32));
    used.fork('hub').bytes(1000);
    expect(used.bytes(8)).toEqual(new Random('seed').bytes(108).subarray(100));
  });

  test('differs from its forks, and forks with different names or different parents differ', () => {
    const random = new Random('seed');
    const streams = [
      random,
      random.fork('a'),
      random.fork('b'),
      random.fork('a').fork('b'),
      random.fork('b').fork('a'),
    ];
    expect(new Set(streams.map((stream) => stream.bytes(16).toString('hex'))).size).toBe(streams.length);
  });

  test('does not change if a caller changes the returned bytes', () => {
    const random = new Random('seed');
    random.bytes(4).fill(0);
    expect(random.bytes(28)).toEqual(new Random('seed').bytes(32).subarray(4));
  });

  test('draws numbers in [0, 1) that are evenly distributed', () => {
    const random = new Random('numbers');
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let drawn = 0; drawn < 2000; drawn++) {
      const number = random.number();
      expect(number >= 0 && number < 1).toBe(true);
      const tenth = Math.floor(number * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(count).toBeGreaterThan(140);
  });

  test('draws UUIDs of version 4 that do not repeat', () => {
    const random = new Random('uuids');
    const drawn = Array.from({ length: 500 }, () => random.uuid());
    for (const uuid of drawn)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});

test('each generated key differs from all earlier keys', () => {
  expect(freshKey(32)).toHaveLength(32);
  expect(freshKey(32)).not.toEqual(freshKey(32));
});
