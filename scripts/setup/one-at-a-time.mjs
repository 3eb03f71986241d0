import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs `work`. If another process runs it for the same folder, waits until that process ends. The lock is a listening socket, because a
 * socket ends with its process. A lock file would remain after a killed process.
 */
export async function oneAtATime(folder, say, work) {
  const address = addressFor(folder);
  for (let waits = 0; await isTaken(address); waits++) {
    if (waits === 0) say('Another setup is already running in this folder; waiting until it ends ...');
    await endOfHolder(address);
  }
  return work();
}

function addressFor(folder) {
  const name = `rehearsal-setup-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  // An abstract socket has no file, so nothing remains after a killed process.
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** Resolves with true if another process listens on the address. Otherwise this process listens on it until it ends. */
function isTaken(address) {
  return new Promise((resolve) => {
    // `unref`: the socket and its connections must not keep this process alive.
    const server = createServer((waiting) => waiting.on('error', () => {}).unref());
    // In a sandbox that forbids sockets, the setup runs without the lock.
    server.once('error', (error) => resolve(error.code === 'EADDRINUSE'));
    server.listen(address, () => {
      server.unref();
      resolve(false);
    });
  });
}

async function endOfHolder(address) {
  await new Promise((resolve) => {
    const socket = connect(address);
    socket.once('error', (error) => {
      // No process listens on the socket, so the file is from a process that was killed. On Linux and Windows the socket has no file.
      if (error.code === 'ECONNREFUSED' && address.endsWith('.sock')) rmSync(address, { force: true });
    });
    socket.once('close', resolve);
    socket.resume();
  });
  await pause(50);
}
