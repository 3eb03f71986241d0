import type { VerdictKind } from '../../../core/run/run.ts';
import { progressText } from './progress-text.ts';

/**
 * The last line of a terminal, which shows the running scenarios, the time and the failures so far. Does nothing if stdout is not a
 * terminal.
 */
export class ProgressLine {
  readonly #total: number;
  readonly #isLive: boolean;
  readonly #playing = new Set<string>();
  readonly #startedAt = performance.now();
  readonly #tick: NodeJS.Timeout | undefined;
  #done = 0;
  #failed = 0;

  constructor(total: number, isLive: boolean) {
    this.#total = total;
    this.#isLive = isLive;
    // Redraws the line each second, so that the elapsed time advances while a long scenario runs.
    if (isLive) this.#tick = setInterval(() => this.#draw(), 1000).unref();
  }

  started(id: string): void {
    this.#playing.add(id);
    this.#draw();
  }

  ended(id: string, kind: VerdictKind): void {
    if (this.#playing.delete(id)) {
      this.#done++;
      if (kind === 'fail' || kind === 'unknown') this.#failed++;
    }
    this.#draw();
  }

  /** Prints a text above the progress line. */
  print(text: string): void {
    if (text === '') return;
    this.clear();
    process.stdout.write(text);
    this.#draw();
  }

  /** Prints a message on stderr, outside the report. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
    this.#draw();
  }

  clear(): void {
    if (this.#isLive) process.stdout.write('\r\x1B[2K');
  }

  /** Removes the progress line at the end of the run. */
  end(): void {
    clearInterval(this.#tick);
    this.clear();
  }

  #draw(): void {
    if (!this.#isLive || this.#playing.size === 0) return;
    const progress = {
      done: this.#done,
      total: this.#total,
      failed: this.#failed,
      elapsedMs: performance.now() - this.#startedAt,
      running: [...this.#playing],
    };
    process.stdout.write(`\r\x1B[2K${progressText(progress, process.stdout.columns || 80)}`);
  }
}
