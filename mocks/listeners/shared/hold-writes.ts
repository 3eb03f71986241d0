import type { Duplex } from 'node:stream';
import type { Durability } from '../../../core/cloud/durability.ts';

/**
 * Delays each write to a stream until all changes made before it are durable. For this reason, each acknowledgement of MQTT and
 * AMQP waits for the change that it confirms, in any packet or frame. If the changes cannot be stored, the stream is destroyed and
 * the client does not learn of them. Reading continues, and waiting bytes count as unread, as those of a slow client do.
 *
 * It replaces the methods that an implementer of a stream writes (`_write`, `_writev`), so it needs no second stream and no copy.
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
