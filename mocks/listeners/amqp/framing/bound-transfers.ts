import { batchFormat } from './batch-format.ts';
import { linkMessageLimit } from './attach-answer.ts';
import { linkOf, type Frame, type RheaConnection, type RheaLink, type RheaSession } from './rhea-internals.ts';

/**
 * Limits the content of transfer frames. A message above the agreed size ends its link, as at a hub (c#2055, csharp#2055), and the
 * rest of the message is dropped. An aborted message is dropped (AMQP 1.0 2.7.5), which rhea does not support.
 *
 * @throws for a transfer on no link, or if one connection has too many bytes in incomplete messages.
 */
export function boundTransfers(connection: RheaConnection): void {
  const transfer = connection.on_transfer.bind(connection);
  const unfinished = new Map<RheaLink, number>();
  const overrun = new WeakSet<RheaLink>();
  connection.on_transfer = (frame) => {
    const { performative, channel, payload } = frame;
    const session = connection.remote_channel_map[channel];
    const link = linkOf(connection, frame);
    if (session === undefined || link === undefined || !link.is_receiver())
      throw new Error('a transfer frame arrived for an unknown link');
    const isLast = performative.more !== true;
    if (overrun.has(link) || performative.aborted === true) {
      unfinished.delete(link);
      drop(frame, session, link, performative.aborted === true || isLast);
      if (isLast) overrun.delete(link);
      return;
    }
    const size = (unfinished.get(link) ?? 0) + (payload?.length ?? 0);
    if (isLast) unfinished.delete(link);
    else unfinished.set(link, size);
    const total = [...unfinished.values()].reduce((sum, each) => sum + each, 0);
    if (total > connectionLimit) throw new Error(`more than ${connectionLimit} bytes in incomplete messages`);
    if (size > linkMessageLimit) {
      unfinished.delete(link);
      if (!isLast) overrun.add(link);
      drop(frame, session, link, isLast);
      const description = `The message exceeds the limit of ${linkMessageLimit} bytes.`;
      link.close({ condition: 'amqp:link:message-size-exceeded', description });
      return;
    }
    // A delivery is settled as soon as one of its frames says so (AMQP 1.0 2.7.5); rhea reads only the first frame.
    if (link._incomplete !== undefined && performative.settled === true) link._incomplete.remote_settled = true;
    // rhea passes on the bytes of a format that it does not know, so they are checked before they are read.
    performative.message_format = performative.message_format === batchFormat ? batchFormat : 1;
    transfer(frame);
    wrap(session, link);
  };
}

/** The bytes of incomplete messages on all links of a connection. */
const connectionLimit = 4 * linkMessageLimit;

/** Counts a frame that is dropped, and forgets its delivery at the last frame. */
function drop({ performative }: Frame, session: RheaSession, link: RheaLink, isOver: boolean): void {
  const { incoming } = session;
  incoming.next_transfer_id++;
  const delivery = link._incomplete;
  if (delivery === undefined) {
    // The first frame of a delivery that was never begun here.
    incoming.next_delivery_id = (incoming.next_delivery_id ?? performative.delivery_id ?? 0) + 1;
  } else {
    delivery.frames = [];
  }
  if (!isOver) return;
  if (delivery !== undefined) delivery.settled = true;
  link._incomplete = undefined;
  // Gives the credit back, which rhea does for other messages.
  link.delivery_count++;
  link.issue_flow = true;
  wrap(session, link);
}

/** Both counts are serial numbers of 32 bits (RFC 1982); rhea adds without wrapping. */
function wrap({ incoming }: RheaSession, link: RheaLink): void {
  link.delivery_count >>>= 0;
  if (incoming.next_delivery_id !== undefined) incoming.next_delivery_id >>>= 0;
}
