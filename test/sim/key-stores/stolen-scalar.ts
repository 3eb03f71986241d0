import { createDecipheriv, createECDH, createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Reads the private scalar of a P-256 key from the state files of the software that simulates the chip, because no interface returns this
// scalar. A real chip has no such files.

/** Finds the scalar in the unencrypted state of an swtpm: the 32 bytes that give the public point of the key. */
export function scalarOfChip(folder: string, publicKey: KeyObject): Buffer {
  for (const state of filesIn(folder)) {
    for (let at = 0; at + 32 <= state.length; at++) {
      const scalar = state.subarray(at, at + 32);
      if (isScalarOf(scalar, publicKey)) return scalar;
    }
  }
  throw new Error('the state of the TPM does not hold its key');
}

/**
 * Finds the scalar in a SoftHSM token. The iterated and salted hash of the PIN (OpenPGP, RFC 4880 3.7.1.3) is the AES key that decrypts the
 * key of the token. The key of the token decrypts the value of each secret attribute.
 */
export function scalarOfToken(folder: string, pin: string, publicKey: KeyObject): Buffer {
  const files = filesIn(join(folder, 'tokens'));
  const locked = files.flatMap((file) => attributeIn(file, userPin));
  const tokenKeys = locked.map((blob) => decrypt(pinKey(pin, blob.subarray(0, 8)), blob.subarray(8)).subarray(3));
  const values = files.flatMap((file) => attributeIn(file, valueAttribute));
  for (const tokenKey of tokenKeys) {
    for (const value of values) {
      const plain = decrypt(tokenKey, value);
      const scalar = Buffer.concat([Buffer.alloc(Math.max(0, 32 - plain.length)), plain]);
      if (isScalarOf(scalar, publicKey)) return scalar;
    }
  }
  throw new Error('the token does not hold the key');
}

export function scalarOfPem(pem: string): Buffer {
  return Buffer.from(createPrivateKey(pem).export({ format: 'jwk' }).d ?? '', 'base64url');
}

/** Returns the point of an uncompressed P-256 key, the end of its SPKI (RFC 5480 2.2). */
export function pointOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);
}

function isScalarOf(scalar: Buffer, publicKey: KeyObject): boolean {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(scalar);
  } catch {
    // The bytes are not a valid scalar: they are zero or not below the order of the curve.
    return false;
  }
  return curve.getPublicKey().equals(pointOf(publicKey));
}

function filesIn(folder: string): readonly Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}

/** The PKCS #11 attribute `CKA_VALUE`, and the vendor attribute in which SoftHSM stores the token key, encrypted with the user PIN. */
const valueAttribute = 0x11n;
const userPin = 0x80_00_53_4dn;

/**
 * Returns the values of an attribute in an object file. Each consists of the attribute number, kind 3 and the length, in 64 bits each,
 * and then the bytes.
 */
function attributeIn(file: Buffer, number: bigint): readonly Buffer[] {
  const head = Buffer.alloc(16);
  head.writeBigUInt64BE(number);
  head.writeBigUInt64BE(3n, 8);
  const at = file.indexOf(head);
  if (at === -1) return [];
  const from = at + 24;
  return [file.subarray(from, from + Number(file.readBigUInt64BE(at + 16)))];
}

function pinKey(pin: string, salt: Buffer): Buffer {
  let key = createHash('sha256').update(salt).update(pin).digest();
  for (let round = 1; round < 1500 + (salt.at(-1) ?? 0); round++) key = createHash('sha256').update(key).digest();
  return key;
}

function decrypt(key: Buffer, blob: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-cbc', key, blob.subarray(0, 16));
  return Buffer.concat([cipher.update(blob.subarray(16)), cipher.final()]);
}
