import type { StoredKeyPair } from './key-store.ts';

/** Takes a key that nobody needs any more out of its store. One that is bytes is gone with whatever held the bytes. */
export async function forgetKey(key: StoredKeyPair['handshake'] | undefined): Promise<void> {
  if (key !== undefined && 'held' in key) await key.held.remove();
}
