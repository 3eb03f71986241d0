import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TpmReader, tpm2b } from '../../../core/tpm/bytes.ts';
import { readStorageKey } from '../../../core/tpm/public-area.ts';
import { registrationIdOfEndorsementKey } from '../../../core/tpm/registration-id.ts';
import { endorsementKeyTemplate, storageRootKeyTemplate } from '../../../core/tpm/templates.ts';
import { makeChallenge } from '../../../mocks/dps/attestation/tpm-challenge.ts';

/** A public area as a TPM returns it: the template with a modulus in place of the empty unique. */
function publicArea(modulus: Buffer): Buffer {
  const template = storageRootKeyTemplate();
  return tpm2b(Buffer.concat([template.subarray(0, -2), tpm2b(modulus)]));
}
const good = publicArea(Buffer.alloc(256, 0xc5));

describe('TPM structures', () => {
  test('a public area of RSA-2048 is read, its name is nameAlg and SHA-256', () => {
    const read = readStorageKey(good);
    expect(
      read.ok && [
        read.key.name.length,
        read.key.name.readUInt16BE(),
        read.key.publicKey.asymmetricKeyDetails?.modulusLength,
      ],
    ).toEqual([34, 11, 2048]);
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'a TPM2B_PUBLIC was expected, its size does not fit 0 bytes'],
    ['a size that lies', good.subarray(0, -1), 'a TPM2B_PUBLIC was expected, its size does not fit 283 bytes'],
    [
      'bytes left over',
      tpm2b(Buffer.concat([good.subarray(2), Buffer.of(0)])),
      'the public area is cut short or has bytes left over',
    ],
    ['a template without a key', tpm2b(endorsementKeyTemplate('sdk')), 'the key is not RSA-2048'],
    ['a short modulus', publicArea(Buffer.alloc(128, 1)), 'the key is not RSA-2048'],
  ])('%s is refused in words', (_name, bytes, problem) => {
    expect(readStorageKey(bytes)).toEqual({ ok: false, problem });
  });

  test('no bytes make the readers or the challenge throw', () => {
    const cutOrFlipped = fc
      .record({ length: fc.nat(good.length), at: fc.nat(good.length - 1), bit: fc.nat(7) })
      .map(({ length, at, bit }) => {
        const bytes = Buffer.from(good);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        return bytes.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), cutOrFlipped), (bytes) => {
        const made = makeChallenge({
          endorsementKey: bytes,
          storageRootKey: good,
          key: Buffer.alloc(32),
          random: (length) => Buffer.alloc(length),
        });
        return typeof made.ok === 'boolean' && typeof readStorageKey(bytes).ok === 'boolean';
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('a reader past its end reads nothing and says that it is broken', () => {
    const reader = new TpmReader(Buffer.from('0005aa', 'hex'));
    expect([reader.tpm2b().length, reader.broken, reader.complete]).toEqual([0, true, false]);
  });

  // SHA-256 of "abc" (FIPS 180-4 B.1) in base32.
  test('a registration ID is the base32 of the SHA-256 of the endorsement key, 52 characters of a to z and 2 to 7', () => {
    expect(registrationIdOfEndorsementKey(Buffer.from('abc'))).toBe(
      'xj4bnp4pahh6uqkbidpf3lrceoyagyndsylxvhfucd7wd4qacwwq',
    );
  });
});
