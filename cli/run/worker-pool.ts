import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { openRunDirectory, type RunDirectory, runDirectoryVariable } from '../../sim/tpm/state-dirs.ts';
import type { Task } from './play-planned.ts';
import { type Attempt, type AttemptEnd, endOfAborted, type Player, whenAborted } from './player.ts';
import type { WorkerMessage } from './worker.ts';

/** Runs scenarios in worker processes (worker.ts). Replaces a process that crashes or exceeds a limit; the other processes continue. */
export class WorkerPool implements Player {
  readonly #pool: Tinypool;
  readonly #directory: RunDirectory | undefined;
  #onOutput: (text: string) => void = () => {};
  /** Attempts whose worker has not begun yet. */
  readonly #starting = new Set<AbortController>();

  /** @param workers the number of processes, which start at once. A caller runs at most this many scenarios at the same time. */
  constructor(workers: number) {
    this.#directory = runDirectory();
    this.#pool = new Tinypool({
      // worker.js is in the same folder of the bundle (bundle.mjs).
      filename: fileURLToPath(new URL('worker.js', import.meta.url)),
      runtime: 'child_process',
      minThreads: workers,
      maxThreads: workers,
      // An idle worker process stays for this time, so that it can run the next scenario of the same file.
      idleTimeout: 60_000,
      execArgv: [...youngGeneration],
      env: workerEnvironment(this.#directory),
    });
    // tinypool does not say which task lost its worker when a worker cannot start. So all attempts that wait for a worker fail.
    this.#pool.on('error', (error: unknown) => {
      for (const start of this.#starting) start.abort(error instanceof Error ? error.message : String(error));
    });
  }

  /** @param receive receives the text that libraries print in the workers. The code of rehearse prints nothing in a worker. */
  onOutput(receive: (text: string) => void): void {
    this.#onOutput = receive;
  }

  async play(task: Task, { onStart, signal }: Attempt): Promise<AttemptEnd> {
    const abort = new AbortController();
    let said: string | undefined;
    const start = new AbortController();
    this.#starting.add(start);
    const startLimit = setTimeout(() => start.abort(`the process did not start within ${startMs / 1000} s`), startMs);
    const channel = {
      onClose: () => {},
      onMessage: () => {},
      postMessage: (message: WorkerMessage) => {
        if (message.kind === 'printed') return this.#onOutput(message.text);
        if (message.kind === 'failed') return void (said = message.error);
        clearTimeout(startLimit);
        this.#starting.delete(start);
        onStart();
      },
    };
    const ran = this.#pool.run(task, { signal: abort.signal, channel }).then(
      (): AttemptEnd => ({ kind: 'completed' }),
      (error: Error): AttemptEnd =>
        signal.aborted ? endOfAborted(signal) : { kind: 'crashed', error: said ?? error.message },
    );
    const end = await Promise.race([ran, startFailure(start.signal), whenAborted(signal)]);
    clearTimeout(startLimit);
    this.#starting.delete(start);
    // Ends the process of an attempt that has not ended by itself.
    if (end.kind !== 'completed') abort.abort();
    return end;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
    this.#directory?.close();
  }
}

/** Resolves when a worker cannot start. */
async function startFailure(signal: AbortSignal): Promise<AttemptEnd> {
  await once(signal, 'abort');
  return { kind: 'crashed', error: String(signal.reason) };
}

/** Time in which a worker must have started, in real milliseconds. */
const startMs = 60_000;

/**
 * Size of the young generation in megabytes. With this size, most objects of a scenario are dead before a garbage collection. This saves a
 * tenth of the processor time of the shipped suite.
 */
const youngGeneration = ['--min-semi-space-size=32', '--max-semi-space-size=32'];

function workerEnvironment(directory: RunDirectory | undefined): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    // Node 22 and newer cache compiled code in this folder, which rehearse.mjs uses too.
    NODE_COMPILE_CACHE: fileURLToPath(new URL('compile-cache', import.meta.url)),
    ...Object.fromEntries(inherited),
    ...(directory === undefined ? {} : { [runDirectoryVariable]: directory.path }),
  };
}

/**
 * Opens a directory for the temporary files of all workers, because a killed worker cannot remove its temporary files. Returns undefined if
 * the system's temporary folder cannot be used: most scenarios need no temporary files.
 */
function runDirectory(): RunDirectory | undefined {
  try {
    return openRunDirectory();
  } catch {
    return undefined;
  }
}
