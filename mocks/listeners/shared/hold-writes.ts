import type { Duplex } from 'node:stream';
import type { Durability } from '../../../core/cloud/durability.ts';

/**
 * Delays each write to a stream until all changes made before it are durable. So each acknowledgement of MQTT and AMQP
 * waits until the change that it confirms is durable. If the changes cannot be stored, the function destroys the
 * stream, and the client gets no acknowledgement. Reading continues meanwhile. Bytes that wait count as unread data, as
 * they do for a slow client.
 *
 * The function replaces the internal methods `_write` and `_writev` of the stream, so it needs no second stream and
 * copies no data.
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
