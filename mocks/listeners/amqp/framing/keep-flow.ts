import type { EventContext } from 'rhea';
import { linkOf, type Frame, type RheaConnection, type RheaLink } from './rhea-internals.ts';

/** Answers flow frames as AMQP 1.0 2.6.7 and 2.7.4 require. rhea does not handle optional fields, `echo` and `drain` itself. */
export function keepFlow(connection: RheaConnection): void {
  const flow = connection.on_flow.bind(connection);
  connection.on_flow = (frame) => {
    const link = linkOf(connection, frame);
    fillIn(frame, link);
    flow(frame);
    if (frame.performative.echo !== true) return;
    if (link === undefined) connection.remote_channel_map[frame.channel]?._write_flow();
    else link.issue_flow = true;
    connection._register();
  };
  connection.on('sender_draining', ({ sender }: EventContext) => {
    const link = sender as unknown as RheaLink;
    link._get_drain = () => false;
    // Sends waiting messages before the answer. If the client attached the link in this turn, rhea sends them at the
    // end of the turn.
    setImmediate(() => {
      link._get_drain = () => drain(link);
      link.issue_flow = true;
      connection._register();
    });
  });
}

/**
 * Uses up the credit of a link if its receiver requested `drain`. Returns the value of `drain` in the answer. go-amqp receivers
 * set their credit to zero themselves, but still wait for this answer.
 */
function drain(link: RheaLink): boolean {
  if (link._draining !== true) return false;
  link.delivery_count = (link.delivery_count + link.credit) >>> 0;
  link.credit = 0;
  return true;
}

function fillIn({ performative }: Frame, link: RheaLink | undefined): void {
  // The peer omits this field until it has received the begin frame of the listener. The count in that frame starts at
  // zero (AMQP 1.0 2.7.4).
  performative.next_incoming_id ??= 0;
  if (link === undefined) return;
  // `drain` applies only to a sender. rhea prints an error if the peer requests it for a receiver.
  if (link.is_receiver()) {
    performative.drain = false;
    return;
  }
  // The peer omits this field until it has received the attach frame of the listener. The count in that frame also
  // starts at zero.
  performative.delivery_count ??= 0;
  performative.link_credit ??= 0;
}
