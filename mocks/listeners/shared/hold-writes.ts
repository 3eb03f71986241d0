import type { Duplex } from 'node:stream';
import type { Durability } from '../../../core/cloud/durability.ts';

/**
 * Lets what is written to a stream leave only after all changes made before the write are durable. So each acknowledgement of
 * MQTT and AMQP waits for what it acknowledges, whichever packet or frame it is. A stream whose changes cannot be kept is destroyed:
 * the client does not learn of them. Reading goes on, and the bytes that wait count as unread, as those behind a slow client do.
 *
 * It replaces the methods that an implementer of a stream writes (`_write`, `_writev`), so that no second stream and no copy is
 * needed.
 */
export function holdWrites(stream: Duplex, durability: Durability): void {
  const write = stream._write.bind(stream);
  const writev = stream._writev?.bind(stream);
  const whenDurable = (leave: () => void): void =>
    durability.whenDurable((isDurable) => {
      if (isDurable) leave();
      else stream.destroy();
    });
  stream._write = (chunk, encoding, done) => whenDurable(() => write(chunk, encoding, done));
  if (writev !== undefined) stream._writev = (chunks, done) => whenDurable(() => writev(chunks, done));
}
