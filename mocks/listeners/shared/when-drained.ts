import type { Duplex } from 'node:stream';

/**
 * Calls `then` in a later turn of the event loop. If the buffer of the stream is full at that time, waits until the stream has
 * sent it.
 */
export function whenDrained(stream: Duplex, then: () => void): void {
  // rhea writes to the stream at the end of the turn, so the function checks the buffer in the next turn.
  setImmediate(() => {
    if (stream.destroyed) return;
    if (stream.writableNeedDrain) stream.once('drain', then);
    else then();
  });
}
