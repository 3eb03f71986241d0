import type { Duplex } from 'node:stream';

/** Calls `then` in a later turn: when what was written in this one is out, if the stream is full by then. */
export function whenDrained(stream: Duplex, then: () => void): void {
  // rhea writes what it was given at the end of the turn.
  setImmediate(() => {
    if (stream.destroyed) return;
    if (stream.writableNeedDrain) stream.once('drain', then);
    else then();
  });
}
