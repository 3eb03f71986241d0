import type { Socket } from 'node:net';

/** Returns the length of the message that starts here, or `more` if its length needs further bytes. */
export type LengthOf = (start: Buffer) => number | 'more' | 'broken';

/**
 * Answers the messages of one connection, one after the other, until it ends. A broken message and the answer `end` end the
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
    // The client closed the connection in the middle of a message.
  } finally {
    // The last answer is still sent. On a connection that the client has cut, this does nothing.
    socket.end();
  }
}
