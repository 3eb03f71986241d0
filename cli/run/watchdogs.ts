import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Playing } from './plan.ts';

/**
 * Kills a worker that does not respond. The time limit of Playwright is a timer in the worker, which never fires in an endless loop.
 * Playwright then reports the scenario as crashed.
 */
export class Watchdogs {
  readonly #playing: Playing;
  readonly #onHang: (id: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param onHang receives the ID of the scenario before its worker is killed. */
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
      // The worker has ended meanwhile.
    }
  }
}

/** Time that a worker has to apply its own time limit and to end gracefully. */
const graceMs = 10_000;
