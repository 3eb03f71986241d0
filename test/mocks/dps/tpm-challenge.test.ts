import { createHash, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeChallenge, type ChallengeParts } from '../../../mocks/dps/attestation/tpm-challenge.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

const tpm = new SoftTpm();
const parts: ChallengeParts = {
  endorsementKey: tpm.endorsementKey,
  storageRootKey: tpm.storageRootKey,
  key: randomBytes(32),
  random: randomBytes,
};

function made(other: Partial<ChallengeParts> = {}): Buffer {
  const result = makeChallenge({ ...parts, ...other });
  if (!result.ok) throw new Error(result.failure.sentence);
  return result.value;
}

/** Returns the contents of the TPM2B structures of a blob. */
function structures(blob: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < blob.length; at += 2 + blob.readUInt16BE(at)) {
    found.push(blob.subarray(at + 2, at + 2 + blob.readUInt16BE(at)));
  }
  return found;
}

describe('a TPM challenge of the service', () => {
  test.each([
    [156, 920],
    [110, 874],
  ] as const)('for %i bytes of data has %i bytes, as recorded from the real service', (dataSize, total) => {
    const blob = made({ dataSize });
    expect(blob.length).toBe(total);
    expect(structures(blob).map(({ length }) => length + 2)).toEqual([54, 258, 144, 258, 50, dataSize]);
  });

  test('contains a key that a software TPM, written from the specification, can decrypt', () => {
    expect(tpm.unwrap(made().toString('base64'))).toEqual(parts.key);
  });

  test('has the public area of an HMAC-SHA256 key: sign, `noDA`, `userWithAuth`, no policy', () => {
    // The service first draws the inner key of a challenge, and then the value that hides the key in `unique`.
    const draws = [randomBytes(16), randomBytes(32)];
    const [, seedValue = Buffer.alloc(0)] = draws;
    const publicArea = structures(made({ random: (length) => draws.shift() ?? randomBytes(length) }))[4];
    const unique = createHash('sha256').update(seedValue).update(parts.key).digest('hex');
    expect(publicArea?.toString('hex')).toBe(`0008000b0004044000000005000b0020${unique}`);
  });

  test('differs in each of its structures from another challenge for the same key', () => {
    const [one, other] = [structures(made()), structures(made())];
    for (const [index, structure] of one.entries()) expect(structure).not.toEqual(other[index]);
  });

  test('does not contain the key in plain text', () => {
    expect(made().includes(parts.key)).toBe(false);
  });

  test.each(['endorsementKey', 'storageRootKey'] as const)(
    'cannot be made for an invalid %s, and the error names this value',
    (which) => {
      const words = which === 'endorsementKey' ? 'endorsement key' : 'storage root key';
      expect(makeChallenge({ ...parts, [which]: Buffer.alloc(0) })).toEqual({
        ok: false,
        failure: {
          code: 'key-invalid',
          sentence: `${words}: expected a TPM2B_PUBLIC, found a size that does not match 0 bytes`,
        },
      });
    },
  );

  test('never throws for arbitrary bytes in place of a key', () => {
    const broken = fc
      .tuple(fc.constantFrom(tpm.endorsementKey, tpm.storageRootKey), fc.nat(400), fc.nat(315), fc.nat(255))
      .map(([key, length, at, value]) => {
        const bytes = Buffer.from(key);
        bytes.writeUInt8(value, at % bytes.length);
        return bytes.subarray(0, length);
      });
    const bytes = fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }) },
      { weight: 4, arbitrary: broken },
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom('endorsementKey', 'storageRootKey'), (some, which) => {
        const result = makeChallenge({ ...parts, [which]: some });
        return result.ok ? result.value.length === 920 : result.failure.sentence.length > 0;
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
