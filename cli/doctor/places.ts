import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listenerPorts } from '../../core/wire/listener-ports.ts';
import { whyNot } from '../files/file-problem.ts';
import { portOption } from '../serve/listener-ports.ts';
import type { Found } from './part.ts';

/** Finds the folder of the bundle that runs now. It is always present, because this command could not start without it. */
export function lookForBundle(): Found {
  return { isPresent: true, detail: dirname(fileURLToPath(import.meta.url)) };
}

/** Checks whether the folder for temporary files can be written. TPM states and sockets are there. */
export function lookForTemporaryFolder(): Found {
  return lookAtFolder(tmpdir(), 'set TMPDIR to a folder that this user can write');
}

/** Checks whether a report folder can be created in the working directory. */
export function lookForWorkingDirectory(): Found {
  return lookAtFolder(process.cwd(), 'run in another folder, or use --report-dir');
}

function lookAtFolder(folder: string, remedy: string): Found {
  try {
    rmSync(mkdtempSync(join(folder, '.rehearse-doctor-')), { recursive: true });
    return { isPresent: true, detail: `${folder} can be written` };
  } catch (error) {
    return { isPresent: false, detail: `${folder} cannot be written: ${whyNot(error)}`, remedy };
  }
}

/** Checks whether `rehearse serve` can listen at the ports that the real services use. */
export async function lookForPorts(): Promise<Found> {
  const names = ['https', 'mqtt', 'amqp'] as const;
  const taken: { readonly option: string; readonly sentence: string }[] = [];
  for (const name of names) {
    const port = listenerPorts[name];
    const why = await whyPortIsTaken(port);
    if (why !== undefined) taken.push({ option: `${portOption(name)} 0`, sentence: `${port} (${why})` });
  }
  if (taken.length === 0)
    return { isPresent: true, detail: `${names.map((name) => listenerPorts[name]).join(', ')} are free` };
  return {
    isPresent: false,
    detail: `not available: ${taken.map(({ sentence }) => sentence).join(', ')}`,
    remedy: `choose free ports: rehearse serve ${taken.map(({ option }) => option).join(' ')}`,
  };
}

function whyPortIsTaken(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(reasons[error.code ?? ''] ?? error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}

const reasons: Readonly<Record<string, string>> = { EADDRINUSE: 'in use', EACCES: 'needs root on this computer' };
