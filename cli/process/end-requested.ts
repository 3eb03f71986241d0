import { packageManagerGone } from './package-manager-gone.ts';

/**
 * Resolves when this process receives a signal to end, or when the package manager that started it ends. A second signal
 * ends the process at once, as if there were no handler.
 */
export function endRequested(): Promise<void> {
  return Promise.race([firstSignal(), packageManagerGone()]);
}

function firstSignal(): Promise<void> {
  return new Promise((done) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const onSignal = (): void => {
      for (const signal of signals) process.off(signal, onSignal);
      done();
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
}
