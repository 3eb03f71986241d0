import type { HeldSymmetricKey, StoredKeyPair } from './key-store.ts';

/** Removes a key from its store. A key that is plain bytes needs no removal. */
export async function forgetKey(
  key: StoredKeyPair['handshake'] | Buffer | HeldSymmetricKey | undefined,
): Promise<void> {
  if (key === undefined || Buffer.isBuffer(key)) return;
  if ('held' in key) await key.held.remove();
  else if ('remove' in key) await key.remove();
}
