import { createHash, createHmac } from 'node:crypto';
import type { HeldSymmetricKey } from '../key-stores/key-store.ts';
import type { Device } from './device.ts';

/**
 * Returns a fingerprint of the identity of a device that reveals no secret: the hash of its certificate or endorsement key, or
 * the HMAC of a fixed text with its symmetric key. Undefined if the device has no identity yet.
 */
export async function identityOf({ attestation, flash, tpm }: Device): Promise<string | undefined> {
  switch (attestation) {
    case 'x509':
      return hashOf('certificate', flash.certificate?.leaf);
    case 'tpm':
      return hashOf('endorsement-key', await tpm?.use((chip) => chip.endorsementKey()));
    case 'symmetricKey':
      return flash.symmetricKey === undefined ? undefined : fingerprintOf(flash.symmetricKey);
  }
}

function hashOf(what: string, bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : `${what} sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function fingerprintOf(key: Buffer | HeldSymmetricKey): Promise<string> {
  const text = Buffer.from('identity of a device');
  const made = Buffer.isBuffer(key) ? createHmac('sha256', key).update(text).digest() : await key.hmac(text);
  return `symmetric-key hmac-sha256:${made.toString('hex')}`;
}
