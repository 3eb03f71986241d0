import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { initialTwinViolation } from '../../../core/wire/twin-rules.ts';
import { Twins, twinEtag, type Twin, type TwinOutcome } from '../../../mocks/hub/twins/twins.ts';
import { noon } from '../clients/open-cloud.ts';

let now = noon;
let twins: Twins;
const clock = { now: () => now, sleep: () => Promise.reject(new Error('a twin store does not sleep')) };
const at = (seconds: number): string => new Date(noon + seconds * 1000).toISOString().replace('Z', '0000Z');

beforeEach(() => {
  now = noon;
  twins = new Twins(clock, defaultFidelity);
});

function kept(outcome: TwinOutcome): Twin {
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

describe('a twin', () => {
  test('is empty at first, or has the initial twin', () => {
    expect(kept(twins.create('a'))).toMatchObject({ tags: {}, desired: { values: {}, version: 1 }, version: 2 });
    const initial = { tags: { site: 'Ulm' }, properties: { desired: { rate: 5 } } };
    expect(kept(twins.create('b', initial))).toMatchObject({ tags: { site: 'Ulm' }, desired: { values: { rate: 5 } } });
    expect(twins.export('b')).toEqual({
      tags: { site: 'Ulm' },
      properties: {
        desired: {
          rate: 5,
          $metadata: {
            $lastUpdated: at(0),
            $lastUpdatedVersion: 1,
            rate: { $lastUpdated: at(0), $lastUpdatedVersion: 1 },
          },
          $version: 1,
        },
        reported: { $metadata: { $lastUpdated: at(0) }, $version: 1 },
      },
    });
  });

  test('can be patched by property name, and null deletes a property', () => {
    twins.create('a', {
      tags: { site: 'Ulm', row: 3 },
      properties: { desired: { net: { ip: '1', mask: '2' }, rate: 5 } },
    });
    now += 60_000;
    const twin = kept(twins.patch('a', { tags: { row: null }, desired: { net: { mask: null, dns: '8' } } }));
    expect(twin.tags).toEqual({ site: 'Ulm' });
    expect(twin.desired.values).toEqual({ net: { ip: '1', dns: '8' }, rate: 5 });
    expect(twin.desired.version).toBe(2);
    expect(twin.desired.metadata).toEqual({
      $lastUpdated: at(60),
      $lastUpdatedVersion: 2,
      net: {
        $lastUpdated: at(60),
        $lastUpdatedVersion: 2,
        ip: { $lastUpdated: at(0), $lastUpdatedVersion: 1 },
        dns: { $lastUpdated: at(60), $lastUpdatedVersion: 2 },
      },
      rate: { $lastUpdated: at(0), $lastUpdatedVersion: 1 },
    });
  });

  test('replaces a value by an object and an object by a value', () => {
    twins.create('a', { properties: { desired: { x: 1 } } });
    expect(kept(twins.patch('a', { desired: { x: { y: 2 } } })).desired.values).toEqual({ x: { y: 2 } });
    const twin = kept(twins.patch('a', { desired: { x: [1, 2] } }));
    expect(twin.desired.values).toEqual({ x: [1, 2] });
    expect(Object.keys(twin.desired.metadata['x'] ?? {})).toEqual(['$lastUpdated', '$lastUpdatedVersion']);
  });

  test('keeps its tags if a client replaces only its desired properties', () => {
    twins.create('a', { tags: { site: 'Ulm' }, properties: { desired: { rate: 5 } } });
    expect(kept(twins.replace('a', { desired: { colour: 'red' } }))).toMatchObject({ tags: { site: 'Ulm' } });
    expect(twins.find('a')?.desired.values).toEqual({ colour: 'red' });
  });

  test('has an ETag that only writes of the service change, and a version that every write changes', () => {
    const first = kept(twins.create('a'));
    expect(twinEtag(first)).toBe('AAAAAAAAAAE=');
    const second = kept(twins.report('a', { t: 21 }));
    expect([twinEtag(second), second.version, second.reported.version]).toEqual(['AAAAAAAAAAE=', 3, 2]);
    const third = kept(twins.patch('a', { tags: { a: 1 } }, twinEtag(second)));
    expect([twinEtag(third), third.version, third.desired.version]).toEqual(['AAAAAAAAAAI=', 4, 1]);
    expect(twins.patch('a', { tags: { a: 2 } }, twinEtag(second))).toMatchObject({ failure: { errorCode: 412_001 } });
    expect(twins.find('a')?.tags).toEqual({ a: 1 });
  });

  test('migrates completely to another hub', () => {
    twins.create('a', { tags: { site: 'Ulm' }, properties: { desired: { rate: 5 } } });
    twins.report('a', { t: { now: 21 } });
    const document = twins.export('a');
    if (document === undefined) throw new Error('the hub has no twin of the device');
    twins.import('b', document);
    expect(twins.export('b')).toEqual(document);
    expect(twins.delete('a')).toBe(true);
    expect([twins.delete('a'), twins.find('a'), twins.export('a')]).toEqual([false, undefined, undefined]);
  });

  test('of an unknown device cannot be written', () => {
    const missing = { failure: { status: 404, errorCode: 404_001 } };
    expect(twins.report('ghost', {})).toMatchObject(missing);
    expect(twins.patch('ghost', {})).toMatchObject(missing);
    expect(twins.replace('ghost', {})).toMatchObject(missing);
  });
});

const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) });

describe('the limits of a twin', () => {
  test.each<[string, object, boolean]>([
    ['10 objects inside each other, as the documents show', nested(10), true],
    ['11 objects inside each other', nested(11), false],
    ['a text of 4096 bytes', { a: 'x'.repeat(4096) }, true],
    ['a text of 4097 bytes', { a: 'x'.repeat(4097) }, false],
    ['a name of 1024 bytes', { ['x'.repeat(1024)]: 1 }, true],
    ['a name of 1025 bytes', { ['x'.repeat(1025)]: 1 }, false],
    ['a dot in a name', { 'a.b': 1 }, false],
    ['a dollar in a name', { $a: 1 }, false],
    ['a space in an inner name', { a: { 'b c': 1 } }, false],
    ['a hash in a name', { 'm2(<#a': 1 }, false],
    ['a control character of C0 in a name', { 'a\u0009b': 1 }, false],
    ['a control character of C1 in a name', { 'a\u0085b': 1 }, false],
    ['a dollar in an object of a list', { a: [{ $b: 1 }] }, false],
    ['the other signs', { 'grün/+%&?=(<>)[]{}:;,@!"\'~^|\\`*_-': 1 }, true],
    ['the greatest integer', { a: 4503599627370495 }, true],
    ['an integer above the maximum', { a: 4503599627370496 }, false],
    ['the least integer', { a: -4503599627370496 }, true],
    ['an integer below the minimum', { a: -4503599627370497 }, false],
    ['fractions and great powers', { a: 1.5, b: 1e-300 }, true],
    ['a list', { a: [1, { b: 2 }] }, true],
    ['32 KB', Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`k${n}`, 'x'.repeat(4094)])), true],
    [
      '32 KB and a byte',
      Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`k${n}`, 'x'.repeat(n ? 4094 : 4095)])),
      false,
    ],
  ])('permit or refuse these properties as documented: %s', (_name, values, fits) => {
    twins.create('a');
    const outcome = twins.report('a', { ...values });
    expect(outcome.ok).toBe(fits);
    if (!fits) {
      expect(outcome).toMatchObject({ failure: { status: 400 } });
      expect(twins.find('a')?.reported).toMatchObject({ values: {}, version: 1 });
    }
  });

  test('cause an error that names the property and has the text of the real service (reported as azure-iot-sdk-java#243)', () => {
    twins.create('a');
    expect(twins.report('a', { 'm2(<#a': 1 })).toMatchObject({
      failure: {
        errorCode: 400_004,
        message:
          "Property or Tag name has invalid characters. Error in Property/Tag m2(<#a. Must not contain Control Characters, '.', '$', '#', or ' '.",
      },
    });
  });

  test('permit a hash in a name if `hashInTwinNames` is `accept`', () => {
    twins = new Twins(clock, { hashInTwinNames: 'accept' });
    twins.create('a');
    expect(twins.report('a', { 'm2(<#a': 1 }).ok).toBe(true);
    expect(twins.report('a', { 'a.b': 1 })).toMatchObject({
      failure: { message: expect.stringContaining("Control Characters, '.', '$', or ' '.") as string },
    });
  });

  test.each([
    [{ tags: { 'a.b': 1 } }, ['tags', 'a.b']],
    [{ properties: { desired: { net: { $x: 1 } } } }, ['properties', 'desired', 'net', '$x']],
    [{ properties: { desired: { $metadata: {}, $version: 3 } } }, ['properties', 'desired', '$metadata']],
    [{ tags: { a: 'x'.repeat(4095), b: 'x'.repeat(4097) } }, ['tags', 'b']],
    [{ tags: { list: [1, { '#': 2 }] } }, ['tags', 'list', '1', '#']],
    [{ tags: { site: 'Ulm' }, properties: { desired: { rate: 5 } } }, undefined],
    [{}, undefined],
  ])('apply to an initial twin, and the error names the path of the invalid value: %j', (twin, path) => {
    expect(initialTwinViolation(twin, defaultFidelity)?.path).toEqual(path);
  });

  test('for tags are 8 KB', () => {
    const tags = { a: 'x'.repeat(4095), b: 'x'.repeat(4095) };
    expect(twins.create('a', { tags }).ok).toBe(true);
    expect(twins.create('b', { tags: { ...tags, c: true } }).ok).toBe(false);
    expect(twins.find('b')).toBeUndefined();
  });
});

test('a sequence of patches gives the result that RFC 7396 defines', () => {
  const patch = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'),
    fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.integer({ min: -9, max: 9 }),
        fc.constant(null),
        fc.dictionary(fc.constantFrom('a', 'b', 'toString'), tie('value')),
      ),
    })).value,
  );
  fc.assert(
    fc.property(fc.array(patch, { maxLength: 6 }), (patches) => {
      twins.create('p');
      let model: unknown = {};
      for (const each of patches) {
        expect(twins.report('p', each).ok).toBe(true);
        model = mergePatch(model, each);
      }
      expect(Object.entries(twins.find('p')?.reported.values ?? {})).toEqual(Object.entries(model as object));
      expect(twins.find('p')?.reported.version).toBe(patches.length + 1);
    }),
  );
});

/** Implements the algorithm of RFC 7396 section 2 word for word. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result = new Map(typeof target === 'object' && target !== null ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergePatch(result.get(name), value));
  }
  return Object.fromEntries(result);
}
