import { oneLine } from '../../../reports/markup/plain-text.ts';

/** The state of a run that has not ended. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Number of scenarios so far with the verdict `fail` or `unknown`. */
  readonly failed: number;
  /** Real milliseconds since the start of the run. */
  readonly elapsedMs: number;
  /** IDs of the running scenarios. */
  readonly running: readonly string[];
}

/**
 * Returns one line shorter than `columns`: `69/381  0:23, about 1:44 left, 2 failed  running a, b`. The estimate assumes that the
 * remaining scenarios take as long as the finished ones; it is omitted until a scenario has ended.
 */
export function progressText({ done, total, failed, elapsedMs, running }: Progress, columns: number): string {
  const isKnown = done > 0 && done < total;
  const left = isKnown ? [`about ${clock((elapsedMs / done) * (total - done))} left`] : [];
  const failures = failed === 0 ? [] : [`${failed} failed`];
  const facts = [clock(elapsedMs), ...left, ...failures].join(', ');
  const text = `${done}/${total}  ${facts}  running ${running.map(oneLine).join(', ')}`;
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}

/** Returns `0:23` or `1:02:03`. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
