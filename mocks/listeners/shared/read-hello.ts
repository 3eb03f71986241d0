import type { Socket } from 'node:net';
import type { Result } from '../../../core/result.ts';
import { afterRealTime } from '../../../core/time/clock.ts';
import type { ClientHello } from '../../../core/wire/tls/client-hello.ts';
import { HelloReader } from '../../../core/wire/tls/hello-reader.ts';

/** The callbacks of `readHello`, which calls exactly one of them, once. */
interface Ends {
  /**
   * Receives the ClientHello, or a failure if the client sent other octets. The socket contains the octets again, and
   * no listener reads it yet.
   */
  readonly onRead: (read: Result<ClientHello>) => void;
  /**
   * Receives the reason if the connection ended, or exceeded its time limit, before the ClientHello was complete.
   *
   * @param octets number of octets that the client sent.
   */
  readonly onGone: (octets: number, reason: string) => void;
}

/** Reads the ClientHello of a new connection and puts its octets back, so that OpenSSL reads them again. */
export function readHello(socket: Socket, limitMs: number, { onRead, onGone }: Ends): void {
  const reader = new HelloReader();
  const parts: Buffer[] = [];
  let octets = 0;
  const limit: Limit = { onReached: () => gone('the client did not send a ClientHello in time') };
  const stop = (): void => {
    limit.onReached = undefined;
    socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
  };
  const gone = (reason: string): void => {
    stop();
    socket.destroy();
    onGone(octets, reason);
  };
  const onEnd = (): void => gone('the client closed the connection');
  const onReadable = (): void => {
    for (let part = take(socket); part !== null; part = take(socket)) {
      parts.push(part);
      octets += part.length;
      const read = reader.push(part);
      if (read === undefined) continue;
      stop();
      socket.unshift(Buffer.concat(parts));
      return onRead(read);
    }
  };
  // Without this listener, an error of the connection would end the process. The event `close` handles the end of the
  // connection.
  socket.on('error', () => {});
  socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd);
  startLimit(limitMs, limit);
}

/**
 * A time limit. When the limit no longer applies, the code removes its function, so that the timer keeps no connection
 * in memory.
 */
interface Limit {
  onReached: (() => void) | undefined;
}

function startLimit(limitMs: number, limit: Limit): void {
  afterRealTime(limitMs, () => limit.onReached?.());
}

function take(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}
