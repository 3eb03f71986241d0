import type { Duplex } from 'node:stream';
import { withinRealTime } from '../../core/time/clock.ts';
import { answerLimitMs } from './dps-connection.ts';

/**
 * Waits until a connection has ended. A reset by the server is an end too.
 *
 * @param sentence message of the error if the connection does not end in time.
 */
export async function untilClosed(stream: Duplex, sentence: string): Promise<void> {
  if (stream.closed) return;
  const ended = new Promise<void>((done) => {
    stream.once('close', () => done());
    stream.once('error', () => done());
  });
  await withinRealTime(ended, answerLimitMs, sentence);
}
