import type { EventContext } from 'rhea';
import { linkOf, type Frame, type RheaConnection, type RheaLink } from './rhea-internals.ts';

/**
 * Answers flow frames as AMQP 1.0 2.6.7 and 2.7.4 ask, where rhea leaves it to its user: fields that may be absent, `echo`,
 * and `drain`.
 */
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
    // What waits goes out first, which for a link that was attached in this turn is at the end of it.
    setImmediate(() => {
      link._get_drain = () => drain(link);
      link.issue_flow = true;
      connection._register();
    });
  });
}

/**
 * Uses up the credit of a link whose receiver drains it; returns what the `drain` of the answer says. Receivers of go-amqp
 * take their credit back as they drain, and wait for that word all the same.
 */
function drain(link: RheaLink): boolean {
  if (link._draining !== true) return false;
  link.delivery_count = (link.delivery_count + link.credit) >>> 0;
  link.credit = 0;
  return true;
}

function fillIn({ performative }: Frame, link: RheaLink | undefined): void {
  // Absent while the peer has not seen our begin frame, in which the count starts at zero (AMQP 1.0 2.7.4).
  performative.next_incoming_id ??= 0;
  if (link === undefined) return;
  // Only a sender is drained; rhea complains aloud about a peer that sees it otherwise.
  if (link.is_receiver()) {
    performative.drain = false;
    return;
  }
  // Absent while the peer has not seen our attach frame, in which the count starts at zero as well.
  performative.delivery_count ??= 0;
  performative.link_credit ??= 0;
}
