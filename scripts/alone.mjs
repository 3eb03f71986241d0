import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does the work while no other process does its own for the same folder; waits for one that does. What is held is a
 * listening socket, which ends with its process: a lock file would outlive a killed one.
 */
export async function alone(folder, say, work) {
  const address = addressFor(folder);
  for (let waits = 0; await isTaken(address); waits++) {
    if (waits === 0) say('Another setup of this folder is at work; waiting for it ...');
    await endOfHolder(address);
  }
  return work();
}

function addressFor(folder) {
  const name = `rehearsal-setup-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  // An abstract socket: it has no file that could be left behind.
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** Takes the address for the rest of this process's life, or resolves to true. */
function isTaken(address) {
  return new Promise((resolve) => {
    // Neither those who wait nor the socket itself keep this process from ending.
    const server = createServer((waiting) => waiting.on('error', () => {}).unref());
    // Where a sandbox allows no sockets, working unguarded is better than not working.
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
      // Nobody listens: the file is what a killed process left. Neither Linux nor Windows has one.
      if (error.code === 'ECONNREFUSED' && address.endsWith('.sock')) rmSync(address, { force: true });
    });
    socket.once('close', resolve);
    socket.resume();
  });
  await pause(50);
}
