import { packageManagerGone } from '../process/package-manager-gone.ts';
import type { Playwright } from './start-playwright.ts';

export interface Interruption {
  /** 128 and the number of the signal, as shells have it; undefined where none came. */
  exitCode(): number | undefined;
  stop(): void;
}

const codes = new Map<NodeJS.Signals, number>([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
]);

/** What Playwright may take to end in order. */
const patienceMs = 2000;

/**
 * The first signal asks Playwright to end in order, and so does the end of the package manager that started this process. A second
 * signal or a lapse of patience ends it.
 */
export function passSignalsOn(playwright: Playwright): Interruption {
  let exitCode: number | undefined;
  let deadline: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (exitCode !== undefined) return playwright.kill();
    exitCode = codes.get(signal);
    playwright.interrupt();
    deadline = setTimeout(() => playwright.kill(), patienceMs);
  };
  for (const signal of codes.keys()) process.on(signal, onSignal);
  void packageManagerGone().then(() => onSignal('SIGTERM'));
  return {
    exitCode: () => exitCode,
    stop: () => {
      clearTimeout(deadline);
      for (const signal of codes.keys()) process.off(signal, onSignal);
    },
  };
}
