import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Playing } from './plan.ts';

/**
 * Ends a worker that no longer answers: Playwright's own time limit is a timer in the worker, and a worker caught in a
 * loop never comes to its timers. Playwright then reports the scenario as crashed.
 */
export class Watchdogs {
  readonly #playing: Playing;
  readonly #onHang: (id: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param onHang told of a scenario before its worker is ended. */
  constructor(playing: Playing, onHang: (id: string) => void) {
    this.#playing = playing;
    this.#onHang = onHang;
  }

  watch(id: string, workerIndex: number): void {
    this.#timers.set(
      id,
      setTimeout(() => this.#endWorker(id, workerIndex), this.#playing.plan.timeLimitMs + graceMs),
    );
  }

  release(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  stop(): void {
    for (const id of this.#timers.keys()) this.release(id);
  }

  #endWorker(id: string, workerIndex: number): void {
    this.#onHang(id);
    try {
      const pid = Number(readFileSync(join(this.#playing.folder.scratch, `worker-${workerIndex}.pid`), 'utf8'));
      process.kill(pid, 'SIGKILL');
    } catch {
      // It came to its end in this moment.
    }
  }
}

/** What a worker may take to notice its own time limit and to end in order. */
const graceMs = 10_000;
