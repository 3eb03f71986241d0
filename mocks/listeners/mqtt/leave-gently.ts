import type { Client } from 'aedes';
import { afterRealTime } from '../../../core/time/clock.ts';

/** Event that a connection emits when its client has left and the connection is not closed yet. */
const left = 'client left';

/** Calls `work` once, as soon as a client has left or its connection is closed. */
export function onceGone({ conn }: Client, work: () => void): void {
  let isGone = false;
  const gone = (): void => {
    if (isGone) return;
    isGone = true;
    work();
  };
  conn.once(left, gone);
  conn.once('close', gone);
}

/**
 * Makes the broker close a connection as soon as the client has closed its side, or after ten seconds, instead of at
 * once. If the broker closes a socket with unread data of the client, the system resets the connection. The client then
 * gets ECONNRESET and loses the answers that it has not read yet. The session itself ends at once.
 */
export function leaveGently(client: Client): void {
  const { conn } = client;
  const destroy = conn.destroy.bind(conn);
  let isLeaving = false;
  conn.destroy = (error) => {
    if (error !== undefined && error !== null) return destroy(error);
    // Node itself destroys a stream whose both sides have ended.
    if (conn.destroyed || conn.readableEnded) return destroy();
    if (isLeaving) return conn;
    isLeaving = true;
    conn.emit(left);
    // This call removes the listeners and the client ID of the broker, and calls `destroy` a second time.
    client.close();
    conn.once('end', () => destroy());
    conn.end();
    conn.resume();
    // Without the cancellation, each connection would stay in memory for ten seconds after its end.
    conn.once(
      'close',
      afterRealTime(leaveMs, () => destroy()),
    );
    return conn;
  };
}

/**
 * Real milliseconds that a client has to close its side. Even on a busy computer, a client needs less time. If a client
 * closes later, the system resets its connection, because it answers data for a closed socket with RST (RFC 9293
 * 3.10.7.1).
 */
const leaveMs = 10_000;
