import type { Socket } from 'node:net';

/** The length of the message that begins here, from its first bytes; `more` bytes may be needed to tell. */
export type LengthOf = (start: Buffer) => number | 'more' | 'broken';

/**
 * Answers the messages of one connection, one after the other, until it ends. A message that is broken ends it, and so does
 * an answer that is `end`. Never rejects.
 */
export async function serveMessages(
  socket: Socket,
  lengthOf: LengthOf,
  answer: (message: Buffer) => Promise<Buffer | 'end'>,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  let received = Buffer.alloc(0);
  try {
    for await (const part of socket) {
      received = Buffer.concat([received, part as Buffer]);
      for (let length = lengthOf(received); length !== 'more'; length = lengthOf(received)) {
        if (length === 'broken') return;
        if (received.length < length) break;
        const said = await answer(received.subarray(0, length));
        if (said === 'end') return;
        received = received.subarray(length);
        socket.write(said);
      }
    }
  } catch {
    // The client went away in the middle of something.
  } finally {
    // What was said last still goes out; of a connection that was cut off there is nothing left to end.
    socket.end();
  }
}
