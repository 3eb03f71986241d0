import type { Duplex } from 'node:stream';

/** Calls `then` in a later turn. If the stream is full by then, calls it after the stream has sent its buffer. */
export function whenDrained(stream: Duplex, then: () => void): void {
  // rhea writes at the end of the turn.
  setImmediate(() => {
    if (stream.destroyed) return;
    if (stream.writableNeedDrain) stream.once('drain', then);
    else then();
  });
}
