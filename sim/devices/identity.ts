import { createHash, createHmac } from 'node:crypto';
import type { HeldSymmetricKey } from '../key-stores/key-store.ts';
import type { Device } from './device.ts';

/**
 * What tells the identity in a device from all others without giving it away: the hash of its certificate or of its
 * endorsement key, or what its symmetric key makes of a fixed text. Undefined where there is none yet.
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
