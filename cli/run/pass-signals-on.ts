import { packageManagerGone } from '../process/package-manager-gone.ts';
import type { Playwright } from './start-playwright.ts';

export interface Interruption {
  /** 128 plus the number of the signal, as in shells; undefined if there was no signal. */
  exitCode(): number | undefined;
  stop(): void;
}

const codes = new Map<NodeJS.Signals, number>([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
]);

/** Time that Playwright has for a graceful end. */
const graceMs = 2000;

/**
 * Asks Playwright for a graceful end at the first signal, and when the package manager that started this process ends. Kills it at a
 * second signal or after `graceMs`.
 */
export function passSignalsOn(playwright: Playwright): Interruption {
  let exitCode: number | undefined;
  let deadline: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (exitCode !== undefined) return playwright.kill();
    exitCode = codes.get(signal);
    playwright.interrupt();
    deadline = setTimeout(() => playwright.kill(), graceMs);
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
