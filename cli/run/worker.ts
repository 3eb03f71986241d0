import { optimizeLater } from '../process/optimize-later.ts';
import type { Task } from './play-planned.ts';

optimizeLater();

/** A message of a worker process to the command. */
export type WorkerMessage =
  /** The scenario begins: its time limit runs from now. */
  | { readonly kind: 'started' }
  /** Output of a library. The code of rehearse never prints in a worker. */
  | { readonly kind: 'printed'; readonly text: string }
  /** The worker ends because of an error that no promise reports. */
  | { readonly kind: 'failed'; readonly error: string };

/** Runs a scenario in this worker process. tinypool calls it for each task. */
export default async function play(task: Task): Promise<void> {
  const { playPlanned } = await modules;
  await send({ kind: 'started' });
  await playPlanned(task);
}

/** Resolves when the message was sent. */
function send(message: WorkerMessage): Promise<void> {
  return new Promise((sent) => {
    if (process.send === undefined || !process.connected) return sent();
    process.send(message, () => sent());
  });
}

async function endWith(error: Error): Promise<void> {
  await send({ kind: 'failed', error: error.stack ?? error.message });
  process.exit(3);
}

// A worker ignores Ctrl-C and the end of the terminal: the command gets the same signal, and ends its workers.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
// When the command ends, even by `kill -9`, the channel to it closes. `process.exit` would wait until the RSA keys in progress are made.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('uncaughtException', (error) => void endWith(error));
// A worker must not print: the command writes its report to stdout, and may show a progress line. So the worker sends its output to the
// command as a message.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    void send({ kind: 'printed', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

/** Loads when the signal and error handlers above exist. A worker that starts early loads the modules before its first task. */
const modules = import('./play-planned.ts');
// The first task reports the error.
modules.catch(() => {});
