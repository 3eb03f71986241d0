import { TpmReader } from './bytes.ts';

/**
 * Returns the DER of the SubjectPublicKeyInfo (RFC 5480 2) of a P-256 key.
 *
 * @param publicArea TPMT_PUBLIC of an ECC signing key (TPM 2.0 Part 2 12.2.4).
 * @throws Error for other public areas.
 */
export function p256PublicKeyInfo(publicArea: Buffer): Buffer {
  const reader = new TpmReader(publicArea);
  // Skips all fields before the point: type, name algorithm, attributes, policy, symmetric cipher, scheme with its hash, curve
  // and KDF.
  reader.take(8);
  reader.tpm2b();
  reader.take(10);
  const [x, y] = [reader.tpm2b(), reader.tpm2b()];
  if (!reader.complete || x.length > 32 || y.length > 32)
    throw new Error('the TPM public area does not contain a P-256 key');
  const point = Buffer.concat([Buffer.of(4), Buffer.alloc(32 - x.length), x, Buffer.alloc(32 - y.length), y]);
  return Buffer.concat([prefix, point]);
}

/** DER before the 65 bytes of the point: SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING }. */
const prefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
