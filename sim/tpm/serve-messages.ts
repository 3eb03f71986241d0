import type { Socket } from 'node:net';

/**
 * Function that returns the length of the message at the start of a buffer. `more`: the function needs further bytes. `broken`: the length
 * is invalid.
 */
export type LengthOf = (start: Buffer) => number | 'more' | 'broken';

/**
 * Answers the messages of one connection in their order until the connection ends. A broken message or the answer `end` closes the
 * connection. Never rejects.
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
        const reply = await answer(received.subarray(0, length));
        if (reply === 'end') return;
        received = received.subarray(length);
        socket.write(reply);
      }
    }
  } catch {
    // This block also runs if the client closed the connection in the middle of a message.
  } finally {
    // Sends the last answer and closes the connection. Does nothing if the client has already cut it.
    socket.end();
  }
}
