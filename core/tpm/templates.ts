import { tpm2b, u16, u32 } from './bytes.ts';

/** Algorithm identifiers (TPM 2.0 Part 2 6.3). */
export const algorithms = {
  rsa: 0x0001,
  hmac: 0x0005,
  aes: 0x0006,
  keyedHash: 0x0008,
  sha256: 0x000b,
  null: 0x0010,
  ecdsa: 0x0018,
  ecc: 0x0023,
  cfb: 0x0043,
} as const;

/** Persistent handles at which the SDKs store their keys. */
export const handles = {
  endorsementKey: 0x8101_0001,
  storageRootKey: 0x8100_0001,
  identityKey: 0x8100_0100,
  /** Handle of a key pair for X.509; no SDK uses this handle. Further key pairs have the next handles. */
  signingKey: 0x8100_0200,
} as const;

/**
 * Returns the TPMT_PUBLIC template of an endorsement key. The C, Java and Node SDKs use `sdk`. Chip vendors, tpm2-tools and the C#
 * SDK use `tcg-l1`, template L-1 of the TCG EK Credential Profile. The two templates differ only in 256 zero bytes of `unique`, but
 * give different keys on the same chip.
 */
export function endorsementKeyTemplate(kind: 'sdk' | 'tcg-l1'): Buffer {
  const policy = Buffer.from('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa', 'hex');
  return rsaStorageTemplate(0x0003_00b2, policy, kind === 'sdk' ? Buffer.alloc(0) : Buffer.alloc(256));
}

/** Returns the TPMT_PUBLIC template of the storage root key. */
export function storageRootKeyTemplate(): Buffer {
  return rsaStorageTemplate(0x0003_0472, Buffer.alloc(0), Buffer.alloc(0));
}

/** Returns the TPMT_PUBLIC template of a P-256 signing key that never leaves its TPM (TPM 2.0 Part 2 12.2.4). */
export function signingKeyTemplate(): Buffer {
  const scheme = [u16(algorithms.null), u16(algorithms.ecdsa), u16(algorithms.sha256)];
  const parameters = [...scheme, u16(nistP256), u16(algorithms.null)];
  // Bits: fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, noDA, sign.
  const attributes = u32(0x0004_0472);
  const empty = tpm2b(Buffer.alloc(0));
  const head = [u16(algorithms.ecc), u16(algorithms.sha256), attributes, empty];
  return Buffer.concat([...head, ...parameters, empty, empty]);
}

/** TPM_ECC_NIST_P256 (TPM 2.0 Part 2 6.4). */
const nistP256 = 0x0003;

/** Returns the TPMT_PUBLIC template of an HMAC key that is imported into a TPM. */
export function symmetricKeyTemplate(): Buffer {
  const scheme = [u16(algorithms.hmac), u16(algorithms.sha256)];
  // Bits: fixedTPM, fixedParent, userWithAuth, noDA, sign.
  const attributes = u32(0x0004_0452);
  const empty = tpm2b(Buffer.alloc(0));
  return Buffer.concat([u16(algorithms.keyedHash), u16(algorithms.sha256), attributes, empty, ...scheme, empty]);
}

/** Returns the template of an RSA-2048 restricted decryption key with AES-128-CFB (TPM 2.0 Part 2 12.2.4). */
function rsaStorageTemplate(attributes: number, policy: Buffer, unique: Buffer): Buffer {
  const symmetric = [u16(algorithms.aes), u16(128), u16(algorithms.cfb)];
  const parameters = [...symmetric, u16(algorithms.null), u16(2048), u32(0)];
  return Buffer.concat([
    u16(algorithms.rsa),
    u16(algorithms.sha256),
    u32(attributes),
    tpm2b(policy),
    ...parameters,
    tpm2b(unique),
  ]);
}
