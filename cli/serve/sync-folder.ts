import { open } from 'node:fs/promises';

/** Makes durable which files a folder has: a file that was renamed or created may be gone after a power cut otherwise. */
export async function syncFolder(path: string): Promise<void> {
  // Windows has no such call for folders.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
