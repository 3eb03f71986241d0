import { failed, succeeded, type Result } from '../../../core/result.ts';
import { constants, createCipheriv, createHash, createHmac, publicEncrypt, type KeyObject } from 'node:crypto';
import { tpm2b, u16, u32 } from '../../../core/tpm/bytes.ts';
import { readStorageKey } from '../../../core/tpm/public-area.ts';
import { algorithms } from '../../../core/tpm/templates.ts';

/** The input of a challenge. Keys are TPM2B_PUBLIC. */
export interface ChallengeParts {
  readonly endorsementKey: Uint8Array;
  readonly storageRootKey: Uint8Array;
  /** HMAC key (32 bytes) to wrap. Only the TPM with these two keys can unwrap it. */
  readonly key: Buffer;
  readonly random: (length: number) => Buffer;
  /** Size in bytes of the last structure, including its size field: 156 in a challenge, 110 if `key` is a hub key. */
  readonly dataSize?: 156 | 110;
}

/**
 * Wraps an HMAC key for one TPM in six TPM2B structures, as the service does in TPM attestation. The function needs no
 * TPM. Only a TPM with both this endorsement key and this storage root key can open the credential (structures 1 and
 * 2). The credential contains the inner key of the duplicate (structures 3, 4 and 5). Only this storage root key can be
 * the parent of the imported duplicate (TPM 2.0 Part 1 23, 24).
 */
export function makeChallenge(parts: ChallengeParts): Result<Buffer> {
  const endorsementKey = readStorageKey(parts.endorsementKey);
  if (!endorsementKey.ok) return failed('key-invalid', `endorsement key: ${endorsementKey.failure.sentence}`);
  const storageRootKey = readStorageKey(parts.storageRootKey);
  if (!storageRootKey.ok) return failed('key-invalid', `storage root key: ${storageRootKey.failure.sentence}`);
  const { key, random, dataSize = 156 } = parts;
  const inner = random(16);
  const seedValue = random(32);
  const publicArea = hmacKeyPublicArea(key, seedValue);
  const data = encryptCfb(inner, random(dataSize - 2));
  return succeeded(
    Buffer.concat([
      makeCredential(endorsementKey.value.publicKey, storageRootKey.value.name, inner, random(32)),
      makeDuplicate({ parent: storageRootKey.value.publicKey, publicArea, key, seedValue, inner, seed: random(32) }),
      tpm2b(publicArea),
      tpm2b(data),
    ]),
  );
}

/** TPM2_MakeCredential in software: structures 1 and 2 (TPM 2.0 Part 1 24.4). */
function makeCredential(endorsementKey: KeyObject, objectName: Buffer, credential: Buffer, seed: Buffer): Buffer {
  const encryptedIdentity = encryptCfb(kdfa(seed, 'STORAGE', objectName, 128), tpm2b(credential));
  const integrity = hmac(kdfa(seed, 'INTEGRITY', Buffer.alloc(0), 256), encryptedIdentity, objectName);
  return Buffer.concat([
    tpm2b(Buffer.concat([tpm2b(integrity), encryptedIdentity])),
    tpm2b(encryptSeed(endorsementKey, seed, 'IDENTITY')),
  ]);
}

/** TPM2_Duplicate in software, with inner and outer wrapper: structures 3 and 4 (TPM 2.0 Part 1 23.3). */
function makeDuplicate(parts: {
  readonly parent: KeyObject;
  readonly publicArea: Buffer;
  readonly key: Buffer;
  readonly seedValue: Buffer;
  readonly inner: Buffer;
  readonly seed: Buffer;
}): Buffer {
  const { parent, publicArea, key, seedValue, inner, seed } = parts;
  const name = Buffer.concat([u16(algorithms.sha256), createHash('sha256').update(publicArea).digest()]);
  const sensitive = tpm2b(
    Buffer.concat([u16(algorithms.keyedHash), tpm2b(Buffer.alloc(0)), tpm2b(seedValue), tpm2b(key)]),
  );
  const innerIntegrity = createHash('sha256').update(sensitive).update(name).digest();
  const innerWrapped = encryptCfb(inner, Buffer.concat([tpm2b(innerIntegrity), sensitive]));
  const outerWrapped = encryptCfb(kdfa(seed, 'STORAGE', name, 128), innerWrapped);
  const integrity = hmac(kdfa(seed, 'INTEGRITY', Buffer.alloc(0), 256), outerWrapped, name);
  return Buffer.concat([
    tpm2b(Buffer.concat([tpm2b(integrity), outerWrapped])),
    tpm2b(encryptSeed(parent, seed, 'DUPLICATE')),
  ]);
}

/**
 * Returns the TPMT_PUBLIC of a key that signs with HMAC-SHA256. Its attributes are sign, noDA and userWithAuth; it has no
 * policy (TPM 2.0 Part 2 12.2.4).
 */
function hmacKeyPublicArea(key: Buffer, seedValue: Buffer): Buffer {
  const unique = createHash('sha256').update(seedValue).update(key).digest();
  const scheme = [u16(algorithms.hmac), u16(algorithms.sha256)];
  const head = [u16(algorithms.keyedHash), u16(algorithms.sha256), u32(0x0004_0440), tpm2b(Buffer.alloc(0))];
  return Buffer.concat([...head, ...scheme, tpm2b(unique)]);
}

/** Encrypts the seed with RSA-OAEP and SHA-256. The label ends in a zero byte (TPM 2.0 Part 1 B.4). */
function encryptSeed(key: KeyObject, seed: Buffer, label: string): Buffer {
  return publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: Buffer.from(`${label}\0`) },
    seed,
  );
}

/** Derives a key with KDFa (SP 800-108 in counter mode, TPM 2.0 Part 1 11.4.10.2). Supports up to one block of HMAC-SHA256. */
function kdfa(key: Buffer, label: string, context: Buffer, bits: 128 | 256): Buffer {
  return hmac(key, u32(1), Buffer.from(`${label}\0`), context, u32(bits)).subarray(0, bits / 8);
}

function hmac(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  return createHmac('sha256', key).update(Buffer.concat(parts)).digest();
}

/** Encrypts with AES-128-CFB and a zero IV, as TPM 2.0 does for all wrapped data. */
function encryptCfb(key: Buffer, plain: Buffer): Buffer {
  return createCipheriv('aes-128-cfb', key, Buffer.alloc(16)).update(plain);
}
