import { Worker } from 'node:worker_threads';

/**
 * Finds a scenario that never returns to the event loop of this process. The time limit is a timer of the event loop, which cannot fire in
 * an endless loop. A thread therefore waits a little longer than the limit, pauses the main thread by the inspector, and calls `onHang`
 * there. No code can leave the endless loop, so `onHang` has to end the process.
 */
export class Watchdog {
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));
  #thread: Worker | undefined;

  /**
   * Starts to watch a scenario.
   *
   * @param limitMs time limit of the scenario, in real milliseconds.
   * @param onHang reports the scenario and ends the process, synchronously.
   */
  watch(limitMs: number, onHang: () => never): void {
    this.release();
    Reflect.set(globalThis, hook, () => {
      // Node does not exit until the inspector of the thread is closed.
      process.once('exit', () => this.release());
      onHang();
    });
    if (this.#thread === undefined) {
      // The thread starts without the options and imports of the command, because loading them takes time.
      this.#thread = new Worker(threadText, { eval: true, execArgv: [], workerData: this.#cell });
      this.#thread.unref();
      // If the thread fails, the run continues, but nothing stops an endless loop.
      this.#thread.on('error', () => {});
    }
    const waitMs = Math.min(limitMs + graceMs, longestWaitMs);
    this.#thread.postMessage({ count: Atomics.load(this.#cell, 0), waitMs }, []);
  }

  /** Ends the watch. The caller calls this method when the scenario has ended. */
  release(): void {
    Atomics.add(this.#cell, 0, 1);
    Atomics.notify(this.#cell, 0);
  }

  async stop(): Promise<void> {
    this.release();
    await this.#thread?.terminate();
    this.#thread = undefined;
  }
}

/** Real milliseconds that the thread waits longer than the time limit, so that the timer of the event loop can act first. */
const graceMs = 10_000;

/** The longest timeout in milliseconds that fits 32 bits. */
const longestWaitMs = 2 ** 31 - 1;

/** The global variable by which the inspector finds `onHang`. */
const hook = Symbol.for('rehearse: end a hung run');

/** The count in the shared memory changes when a scenario ends. If this thread waits in vain for a change, the scenario has not ended. */
const threadText = `
const { parentPort, workerData: cell } = require('node:worker_threads');
parentPort.on('message', ({ count, waitMs }) => {
  if (Atomics.wait(cell, 0, count, waitMs) !== 'timed-out') return;
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connectToMainThread();
  session.once('Debugger.paused', ({ params: { callFrames: [{ callFrameId }] } }) => {
    const expression = 'globalThis[Symbol.for(${JSON.stringify(hook.description)})]()';
    session.post('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    Atomics.wait(cell, 0, count);
    session.disconnect();
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
});
`;
