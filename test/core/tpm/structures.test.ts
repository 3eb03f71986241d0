import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TpmReader, tpm2b, u16, u32 } from '../../../core/tpm/bytes.ts';
import { readStorageKey } from '../../../core/tpm/public-area.ts';
import { registrationIdOfEndorsementKey } from '../../../core/tpm/registration-id.ts';
import { endorsementKeyTemplate, storageRootKeyTemplate } from '../../../core/tpm/templates.ts';

/** The endorsement key of a TPM simulator as published in azure-iot-sdk-c#2286, together with its registration ID. */
const published = Buffer.from(
  'AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEAtKEADl/sNRgmYAjP6gXmbccRaJoTnVixisUa' +
    'ek0OwAzFGN70xt9ZOYp6fhIwfcft3fdVKOrKpXYcTe72CGNkGJGlQz5ti9n2pQ0uJhcX8aefh4Onm7lVlUCQAVp1K0r6zI8vkEXWsBIvwvxk0eMJ' +
    'bFaq146kbTkJHIGczb89RkFH2TX+CgXeZOG9oXQzUNwktmTUacspamune5Wywc/ce8HsDFYchyUHogFhrZ/LPnzyTDXO8sSC5z5dvsUBtUME3iRY' +
    'DyKgZOfBtmRMqQewD+4iH+ZEJjtsyJiWR8hFhyKROnOuqXfNFwjd5IcNU4wtlKO0cLyXmTOfQK6Da1pr5Q==',
  'base64',
);

/** Returns a public area as a TPM returns it: the template, with a modulus in place of the empty `unique` field. */
function publicArea(modulus: Buffer): Buffer {
  return tpm2b(Buffer.concat([storageRootKeyTemplate().subarray(0, -2), tpm2b(modulus)]));
}
const modulus = Buffer.alloc(256, 0xc5);
const good = publicArea(modulus);

/** Returns the valid structure `good` with other bytes at an offset of its public area. */
function changed(offset: number, hex: string): Buffer {
  const bytes = Buffer.from(good);
  bytes.write(hex, 2 + offset, 'hex');
  return bytes;
}

describe('the reader of a TPM2B_PUBLIC', () => {
  test('returns the name (`nameAlg` and SHA-256), the modulus, and 65537 as the exponent if the structure has 0', () => {
    const read = readStorageKey(good);
    if (!read.ok) throw new Error(read.failure.sentence);
    expect([read.value.name.length, read.value.name.readUInt16BE()]).toEqual([34, 0x000b]);
    expect(read.value.publicKey.export({ format: 'jwk' })).toEqual({
      kty: 'RSA',
      n: modulus.toString('base64url'),
      e: 'AQAB',
    });
  });

  test('accepts an explicit exponent', () => {
    const read = readStorageKey(changed(20, '00000003'));
    expect(read.ok && read.value.publicKey.asymmetricKeyDetails?.publicExponent).toBe(3n);
  });

  test('reads the published endorsement key, which has the form of the SDK template', () => {
    expect(readStorageKey(published)).toMatchObject({ ok: true });
    const withoutUnique = endorsementKeyTemplate('sdk').subarray(0, -2);
    expect(published.subarray(2, 2 + withoutUnique.length)).toEqual(withoutUnique);
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'expected a TPM2B_PUBLIC, found a size that does not match 0 bytes'],
    ['a wrong size', good.subarray(0, -1), 'expected a TPM2B_PUBLIC, found a size that does not match 283 bytes'],
    [
      'bytes after the structure',
      Buffer.concat([good, Buffer.of(0)]),
      'expected a TPM2B_PUBLIC, found a size that does not match 285 bytes',
    ],
    [
      'bytes after the public area',
      tpm2b(Buffer.concat([good.subarray(2), Buffer.of(0)])),
      'the public area is too short or too long',
    ],
    ['an empty public area', tpm2b(Buffer.alloc(0)), 'the public area is too short or too long'],
    ['a template without a key', tpm2b(endorsementKeyTemplate('sdk')), 'the key is not RSA-2048'],
    ['a template of zeros', tpm2b(endorsementKeyTemplate('tcg-l1')), 'modulus and exponent are not an RSA key'],
    ['a short modulus', publicArea(Buffer.alloc(128, 1)), 'the key is not RSA-2048'],
    ['a key of another type', changed(0, '0023'), 'the key is not RSA-2048'],
    ['another number of bits', changed(18, '0c00'), 'the key is not RSA-2048'],
    ['a name by SHA-1', changed(2, '0004'), 'the name algorithm is not SHA-256'],
    ['AES-256', changed(12, '0100'), 'the key is not a storage key with AES-128-CFB'],
    ['an even modulus', publicArea(Buffer.alloc(256, 0xc4)), 'modulus and exponent are not an RSA key'],
    ['an even exponent', changed(20, '00010000'), 'modulus and exponent are not an RSA key'],
  ])('rejects %s with an error sentence', (_name, bytes, problem) => {
    expect(readStorageKey(bytes)).toEqual({ ok: false, failure: { code: 'storage-key-invalid', sentence: problem } });
  });

  test('never throws, for any bytes', () => {
    const cut = fc.tuple(fc.nat(good.length), fc.nat(good.length - 1), fc.nat(255)).map(([length, at, value]) => {
      const bytes = Buffer.from(good);
      bytes.writeUInt8(value, at);
      return bytes.subarray(0, length);
    });
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ maxLength: 600 }).map(tpm2b), cut);
    fc.assert(
      fc.property(bytes, (some) => {
        const read = readStorageKey(some);
        return read.ok ? read.value.name.length === 34 : read.failure.sentence.length > 0;
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('a reader of big-endian structures', () => {
  test('reads the values that the writer wrote', () => {
    const values = fc.record({ short: fc.nat(0xffff), long: fc.nat(0xffff_ffff), content: fc.uint8Array() });
    fc.assert(
      fc.property(values, ({ short, long, content }) => {
        const reader = new TpmReader(Buffer.concat([u16(short), u32(long), tpm2b(content)]));
        expect([reader.u16(), reader.u32(), reader.tpm2b()]).toEqual([short, long, Buffer.from(content)]);
        expect([reader.complete, reader.broken]).toEqual([true, false]);
      }),
      { seed: 1 },
    );
  });

  test.each([
    ['a wrong size', '0005aa'],
    ['half a size', '00'],
    ['the largest size', 'ffff'],
    ['nothing', ''],
  ])('returns an empty value and sets `broken` for %s', (_name, hex) => {
    const reader = new TpmReader(Buffer.from(hex, 'hex'));
    expect([reader.tpm2b().length, reader.broken, reader.complete]).toEqual([0, true, false]);
  });

  test('stays `broken` even if later reads succeed', () => {
    const reader = new TpmReader(Buffer.from('aaaa', 'hex'));
    reader.u32();
    expect([reader.u16(), reader.complete]).toEqual([0xaaaa, false]);
  });
});

describe('the registration ID of an endorsement key', () => {
  test('is the registration ID that was published with the key', () => {
    expect(registrationIdOfEndorsementKey(published)).toBe('y5wivfciikcievvnsbpkhzcahwm4chuzx6v4hnqnlqfs3fjf6rxa');
  });

  // The endorsement key is "abc", whose SHA-256 is in FIPS 180-4 B.1.
  test('is its SHA-256 in base32: 52 characters of a to z and 2 to 7', () => {
    expect(registrationIdOfEndorsementKey(Buffer.from('abc'))).toBe(
      'xj4bnp4pahh6uqkbidpf3lrceoyagyndsylxvhfucd7wd4qacwwq',
    );
  });
});
