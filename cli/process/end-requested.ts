import { packageManagerGone } from './package-manager-gone.ts';

/**
 * Resolves when this process receives a signal to end, or when the package manager that started it ends, or when the program that started it
 * with a channel (`startLab`) ends or closes the channel. A second signal ends the process at once, as if there were no handler.
 */
export function endRequested(): Promise<void> {
  return Promise.race([firstSignal(), packageManagerGone(), channelClosed()]);
}

/** Resolves when the channel to the parent process closes. Never resolves if this process was started without a channel. */
function channelClosed(): Promise<void> {
  return new Promise((done) => {
    if (process.channel === undefined) return;
    process.once('disconnect', done);
    // Without this call, the listener would keep the process alive after its work.
    process.channel.unref();
  });
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
