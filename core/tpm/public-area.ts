import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { failed, succeeded, type Result } from '../result.ts';
import { TpmReader, u16 } from './bytes.ts';
import { algorithms } from './templates.ts';

/** The public part of an RSA storage key. The service encrypts a challenge with it. */
export interface StorageKey {
  /** The name of the key: `nameAlg`, then the SHA-256 of the public area (TPM 2.0 Part 1 16). */
  readonly name: Buffer;
  readonly publicKey: KeyObject;
}

/**
 * Reads a TPM2B_PUBLIC of an RSA-2048 restricted decryption key: an endorsement key or a storage root key.
 *
 * Fails for other structures.
 */
export function readStorageKey(bytes: Uint8Array): Result<StorageKey> {
  const outer = new TpmReader(bytes);
  const area = outer.tpm2b();
  if (!outer.complete)
    return rejected(`expected a TPM2B_PUBLIC, found a size that does not match ${bytes.length} bytes`);
  const reader = new TpmReader(area);
  const [type, nameAlgorithm] = [reader.u16(), reader.u16()];
  reader.u32();
  reader.tpm2b();
  const [symmetric, keyBits, mode, scheme] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
  const [modulusBits, exponent, modulus] = [reader.u16(), reader.u32(), reader.tpm2b()];
  if (!reader.complete) return rejected('the public area is too short or too long');
  if (type !== algorithms.rsa || modulusBits !== 2048 || modulus.length !== 256)
    return rejected('the key is not RSA-2048');
  if (nameAlgorithm !== algorithms.sha256) return rejected('the name algorithm is not SHA-256');
  if (symmetric !== algorithms.aes || keyBits !== 128 || mode !== algorithms.cfb || scheme !== algorithms.null) {
    return rejected('the key is not a storage key with AES-128-CFB');
  }
  const name = Buffer.concat([u16(algorithms.sha256), createHash('sha256').update(area).digest()]);
  const publicKey = rsaKey(modulus, exponent);
  return publicKey === undefined ? rejected('modulus and exponent are not an RSA key') : succeeded({ name, publicKey });
}

function rejected(sentence: string): Result<never> {
  return failed('storage-key-invalid', sentence);
}

/**
 * Creates the RSA public key. Exponent 0 means 65537 (TPM 2.0 Part 2 12.2.3.5). Returns undefined for values with which OpenSSL
 * cannot encrypt.
 */
function rsaKey(modulus: Buffer, exponent: number): KeyObject | undefined {
  const isFull = ((modulus[0] ?? 0) & 0x80) !== 0 && ((modulus.at(-1) ?? 0) & 1) === 1;
  if (!isFull || (exponent !== 0 && (exponent < 3 || exponent % 2 === 0))) return undefined;
  const e = Buffer.alloc(4);
  e.writeUInt32BE(exponent === 0 ? 65_537 : exponent);
  try {
    return createPublicKey({
      format: 'jwk',
      key: {
        kty: 'RSA',
        n: modulus.toString('base64url'),
        e: e.subarray(e.findIndex((byte) => byte !== 0)).toString('base64url'),
      },
    });
  } catch {
    return undefined;
  }
}
