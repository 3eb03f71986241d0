import { packageManagerGone } from '../process/package-manager-gone.ts';

/** Tells all parts of a run about the first signal that asks this process to end. */
export interface Interruption {
  /** Aborts when this process receives the first signal that asks it to end. */
  readonly signal: AbortSignal;
  /** 128 plus the number of the signal, as in shells; undefined if there was no signal. */
  exitCode(): number | undefined;
  stop(): void;
}

const codes = new Map<NodeJS.Signals, number>([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
]);

/**
 * Watches for SIGINT, SIGTERM and SIGHUP, and for the end of the package manager that started this process. A second signal ends the
 * process at once.
 */
export function watchSignals(): Interruption {
  let exitCode: number | undefined;
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = codes.get(name);
    controller.abort();
  };
  for (const name of codes.keys()) process.on(name, onSignal);
  void packageManagerGone().then(() => onSignal('SIGTERM'));
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    stop: () => {
      for (const name of codes.keys()) process.off(name, onSignal);
    },
  };
}
