/** Resolves with the first signal that asks to end. A second one ends the process at once, as if there were no handler. */
export function firstSignal(): Promise<void> {
  return new Promise((done) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const onSignal = (): void => {
      for (const signal of signals) process.off(signal, onSignal);
      done();
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
}
