import { batchFormat } from './batch-format.ts';
import { linkMessageLimit } from './attach-answer.ts';
import { linkOf, type Frame, type RheaConnection, type RheaLink, type RheaSession } from './rhea-internals.ts';

/**
 * Limits the content of transfer frames. A message above the agreed size ends its link, as on a real hub (c#2055,
 * csharp#2055), and the listener drops the rest of the message. The listener also drops an aborted message (AMQP 1.0
 * 2.7.5), because rhea does not support aborted messages.
 *
 * @param onRefused receives a fault that ends only a link.
 * @throws Error for a transfer on an unknown link, or if the incomplete messages of one connection have too many bytes.
 */
export function boundTransfers(connection: RheaConnection, onRefused: (fault: string) => void): void {
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
      onRefused(`a message of more than ${linkMessageLimit} bytes`);
      link.close({ condition: 'amqp:link:message-size-exceeded', description });
      return;
    }
    // A delivery is settled if `settled` is true in any of its frames (AMQP 1.0 2.7.5). However, rhea reads this field
    // only in the first frame.
    if (link._incomplete !== undefined && performative.settled === true) link._incomplete.remote_settled = true;
    // rhea passes on the raw bytes of a message whose format it does not know. So the listener can check the bytes before it
    // decodes them.
    performative.message_format = performative.message_format === batchFormat ? batchFormat : 1;
    transfer(frame);
    wrap(session, link);
  };
}

/** Maximum number of bytes of incomplete messages on all links of a connection. */
const connectionLimit = 4 * linkMessageLimit;

/** Counts a dropped frame. After the last frame, removes the delivery from the link. */
function drop({ performative }: Frame, session: RheaSession, link: RheaLink, isOver: boolean): void {
  const { incoming } = session;
  incoming.next_transfer_id++;
  const delivery = link._incomplete;
  if (delivery === undefined) {
    // This is the first frame of a delivery that rhea never saw, so the code counts its ID here.
    incoming.next_delivery_id = (incoming.next_delivery_id ?? performative.delivery_id ?? 0) + 1;
  } else {
    delivery.frames = [];
  }
  if (!isOver) return;
  if (delivery !== undefined) delivery.settled = true;
  link._incomplete = undefined;
  // Returns the credit of the dropped message to the client. For all other messages, rhea returns the credit.
  link.delivery_count++;
  link.issue_flow = true;
  wrap(session, link);
}

/** Wraps two counts, which are 32-bit serial numbers (RFC 1982). rhea adds to them without wrapping. */
function wrap({ incoming }: RheaSession, link: RheaLink): void {
  link.delivery_count >>>= 0;
  if (incoming.next_delivery_id !== undefined) incoming.next_delivery_id >>>= 0;
}
