import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { failed, succeeded, type Result } from '../../core/result.ts';

/**
 * State of the process that holds the lock of a folder. `unknown`: the folder has no lock, or another kernel holds it, so this process
 * cannot check it.
 */
export type FolderHolder = 'live' | 'dead' | 'unknown';

/**
 * Holds a folder for as long as this process lives, however the process ends. The lock is a listening Unix socket in the folder, which the
 * kernel closes with the process. A connection attempt shows whether the holder still lives. Unlike a process ID, this lock works across
 * PID, mount and network namespaces and needs no `/proc`.
 * @returns a function that gives the folder up. Fails if the file system of the folder has no Unix sockets.
 */
export function holdFolder(folder: string): Result<() => void> {
  const draft = join(folder, '.lock-draft');
  const server = createServer((connection) => connection.destroy());
  let failure: Error | undefined;
  server.on('error', (error) => (failure = error));
  const short = shortPath(folder);
  // `listen` binds and listens before it returns. Only the event that reports a failure comes later.
  server.listen({ path: join(short.path, '.lock-draft'), exclusive: true });
  short.remove();
  if (!server.listening) {
    const reason = failure?.message ?? 'its file system offers no Unix sockets';
    return failed('no-lock', `rehearse cannot lock the folder ${folder}: ${reason}. Use a folder on a local disk.`);
  }
  // A socket refuses connections between bind and listen. The socket gets its final name after both, so a live holder never looks dead.
  renameSync(draft, join(folder, lockName()));
  server.unref();
  return succeeded(() => {
    server.close();
    rmSync(join(folder, lockName()), { force: true });
  });
}

/** Returns whether the process that holds a folder is alive. Never rejects. */
export async function folderHolder(folder: string): Promise<FolderHolder> {
  try {
    if (!readdirSync(folder).includes(lockName())) return 'unknown';
    const short = shortPath(folder);
    const answer = await connect(join(short.path, lockName()));
    short.remove();
    return answer === 'ECONNREFUSED' ? 'dead' : answer === 'accepted' || answer === 'EAGAIN' ? 'live' : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Connects to a socket and disconnects. Resolves to `accepted` or to the error code. */
function connect(path: string): Promise<string> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    connection.once('connect', () => {
      connection.destroy();
      resolve('accepted');
    });
    connection.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
}

/** The name identifies the boot of the kernel. Another kernel that shares the folder over a network cannot check the socket. */
function lockName(): string {
  name ??= `.lock-${createHash('sha256').update(bootId()).digest('hex').slice(0, 8)}`;
  return name;
}

let name: string | undefined;

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return hostname();
  }
}

/** Returns a short path of the folder. Linux and macOS accept socket paths of at most 103 octets, so a longer path gets a symbolic link. */
function shortPath(folder: string): { readonly path: string; remove(): void } {
  if (isShort(folder)) return { path: folder, remove: () => {} };
  // The path in TMPDIR may itself be too long.
  const links = mkdtempSync(join(isShort(tmpdir()) ? tmpdir() : '/tmp', 'rehearse-link-'));
  symlinkSync(resolvePath(folder), join(links, 'to'));
  return { path: join(links, 'to'), remove: () => rmSync(links, { recursive: true, force: true }) };
}

function isShort(path: string): boolean {
  return Buffer.byteLength(path) <= 80;
}
