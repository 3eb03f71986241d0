import type { Task } from './play-planned.ts';

/** Runs scenarios: the command's own process (own-process.ts) or worker processes (worker-pool.ts). */
export interface Player {
  /** Runs a scenario and writes its run.json. Never rejects, and resolves soon after `signal` is aborted. */
  play(task: Task, attempt: Attempt): Promise<AttemptEnd>;
  /** Ends its processes, if it has any, and removes their temporary files. */
  close(): Promise<void>;
}

/** One attempt to run a scenario. */
export interface Attempt {
  /** Is called when the scenario begins, after its process has started and loaded the modules. */
  readonly onStart: () => void;
  /**
   * The watchdog calls this function if the scenario blocks this process by an endless loop. The function must end the process. A blocked
   * worker process does not call this function, because `signal` ends it.
   */
  readonly onHang: () => never;
  /** Ends the attempt. Its `reason` is `timed-out` or `interrupted`. */
  readonly signal: AbortSignal;
}

/** The end of an attempt. Only a completed attempt has written its run.json. */
export type AttemptEnd =
  | { readonly kind: 'completed' | 'timed-out' | 'hung' | 'interrupted' }
  | { readonly kind: 'crashed'; readonly error: string };

/** Returns the reason for which an attempt was aborted. */
export function endOfAborted({ reason }: AbortSignal): AttemptEnd {
  return { kind: reason === 'timed-out' ? 'timed-out' : 'interrupted' };
}

/** Resolves when an attempt is aborted. */
export function whenAborted(signal: AbortSignal): Promise<AttemptEnd> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(endOfAborted(signal));
    signal.addEventListener('abort', () => resolve(endOfAborted(signal)), { once: true });
  });
}
