import { availableParallelism } from 'node:os';
import { findFiles } from '../../sim/scenario/find-files.ts';
import { scenarioPaths } from '../files/load-files.ts';
import type { RunOptions } from './run-options.ts';
import type { WorkerPool } from './worker-pool.ts';

/**
 * Worker processes that start before the command has read and checked its files, so that they load their modules meanwhile. Only a command
 * that will surely run many scenarios has them.
 */
export class EarlyWorkers {
  #pool: Promise<WorkerPool> | undefined;

  constructor(paths: readonly string[], options: RunOptions) {
    const workers = earlyWorkers(paths, options);
    if (workers > 1) this.#pool = import('./worker-pool.ts').then(({ WorkerPool: Pool }) => new Pool(workers));
    // The caller of `take` handles the error.
    this.#pool?.catch(() => {});
  }

  /** Returns the processes, which the caller must close; undefined if there are none or another caller has them. */
  take(): Promise<WorkerPool> | undefined {
    const pool = this.#pool;
    this.#pool = undefined;
    return pool;
  }

  /** Ends the processes unless a caller has taken them. */
  async close(): Promise<void> {
    const pool = this.take();
    await pool?.then(
      (opened) => opened.close(),
      () => {},
    );
  }
}

function earlyWorkers(paths: readonly string[], options: RunOptions): number {
  const { watch, grep, lastFailed, shard, workers } = options;
  if (watch === true || grep !== undefined || lastFailed === true || shard !== undefined) return 0;
  const { files } = findFiles(scenarioPaths(paths));
  // A file may hold a single scenario, and a run has at most one worker for each scenario.
  if (files.length < Math.max(fewestFiles, workers ?? 0)) return 0;
  return workers ?? Math.min(8, availableParallelism());
}

/** With so many files, a run has a worker for each processor. */
const fewestFiles = 24;
