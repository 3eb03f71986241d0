import { succeeded } from '../../../core/result.ts';
import { freshKey } from '../../../core/random.ts';
import { readBase64 } from './read-base64.ts';
import type { AttestationJson } from './shape.ts';
import { unread, type Read } from './read.ts';

interface KeyPair {
  readonly primaryKey: Buffer;
  readonly secondaryKey: Buffer;
}

/**
 * Reads the symmetric keys of an enrollment, 16 to 64 bytes each.
 *
 * @param former the current keys. If the JSON omits a key, the current key stays; if there is none, the service generates a key
 * of 64 bytes.
 */
export function readKeys(
  json: AttestationJson['symmetricKey'],
  former: KeyPair | undefined,
): Read<KeyPair & { readonly type: 'symmetricKey' }> {
  const primaryKey = readKey(json?.primaryKey, former?.primaryKey, 'primaryKey');
  if (!primaryKey.ok) return primaryKey;
  const secondaryKey = readKey(json?.secondaryKey, former?.secondaryKey, 'secondaryKey');
  if (!secondaryKey.ok) return secondaryKey;
  return succeeded({ type: 'symmetricKey', primaryKey: primaryKey.value, secondaryKey: secondaryKey.value });
}

function readKey(text: string | null | undefined, former: Buffer | undefined, word: string): Read<Buffer> {
  if (text === undefined || text === null || text === '') return succeeded(former ?? freshKey(64));
  const key = readBase64(text);
  if (key === undefined) return unread(`attestation.symmetricKey.${word}: expected base64`);
  if (key.length >= 16 && key.length <= 64) return succeeded(key);
  return unread(`attestation.symmetricKey.${word}: expected 16 to 64 bytes, found ${key.length}`);
}
