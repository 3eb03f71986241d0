import { once } from 'node:events';
import type { Plan } from './plan.ts';
import { playPlanned, type Task } from './play-planned.ts';
import { type Attempt, type AttemptEnd, type Player, whenAborted } from './player.ts';
import { Watchdog } from './watchdog.ts';

/** Runs scenarios in the process of the command, one after another. This saves the start of a worker. */
export class OwnProcess implements Player {
  readonly #watchdog = new Watchdog();
  readonly #limitMs: number;
  readonly #scenarios: Plan['loaded'];
  #isAbandoned = false;

  constructor({ timeLimitMs, loaded }: Pick<Plan, 'timeLimitMs' | 'loaded'>) {
    this.#limitMs = timeLimitMs;
    this.#scenarios = loaded;
  }

  /**
   * True after an attempt that did not end by itself: its sockets and timers are still in this process, so the next scenario needs another
   * process, and this process ends only by `process.exit`.
   */
  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  async play(task: Task, { onStart, onHang, signal }: Attempt): Promise<AttemptEnd> {
    onStart();
    this.#watchdog.watch(this.#limitMs, onHang);
    const attempt = new AbortController();
    const completed = playPlanned(task, this.#scenarios.get(task.id)).then(
      (): AttemptEnd => ({ kind: 'completed' }),
      (error: unknown): AttemptEnd => ({ kind: 'crashed', error: textOf(error) }),
    );
    const end = await Promise.race([completed, uncaughtError(attempt.signal), whenAborted(signal)]);
    attempt.abort();
    this.#watchdog.release();
    if (end.kind !== 'completed') this.#abandon(onHang);
    return end;
  }

  #abandon(onHang: () => never): void {
    if (this.#isAbandoned) return;
    this.#isAbandoned = true;
    // An abandoned scenario may throw later. The error is ignored, because the result of the scenario is recorded already.
    process.on('uncaughtException', () => {});
    // The abandoned scenario may also block this process later. So a timer restarts the watchdog each second. If the process is blocked,
    // the timer does not run, and the watchdog ends the process.
    this.#watchdog.watch(this.#limitMs, onHang);
    setInterval(() => this.#watchdog.watch(this.#limitMs, onHang), beatMs).unref();
  }

  async close(): Promise<void> {
    // The watchdog watches an abandoned scenario until the process ends.
    if (!this.#isAbandoned) await this.#watchdog.stop();
  }
}

/** Real milliseconds after which a process with an abandoned scenario restarts its watchdog. */
const beatMs = 1000;

/** Resolves at an error that no promise of the scenario reports: a bug in a callback. */
async function uncaughtError(ended: AbortSignal): Promise<AttemptEnd> {
  try {
    const [error] = await once(process, 'uncaughtException', { signal: ended });
    return { kind: 'crashed', error: textOf(error) };
  } catch {
    return { kind: 'completed' };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
