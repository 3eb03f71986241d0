import { open } from 'node:fs/promises';

/** Makes the entries of a folder durable: without this call, a renamed or created file may be missing after a power failure. */
export async function syncFolder(path: string): Promise<void> {
  // Windows has no call that makes the entries of a folder durable.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
