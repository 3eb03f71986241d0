import type { Receiver, Sender } from 'rhea';

/** Returns the address of a link that a client attached, or undefined if the link has none. */
export function addressOf(link: Sender | Receiver): string | undefined {
  const address: unknown = (link.is_receiver() ? link.target : link.source)?.address;
  return typeof address === 'string' ? address : undefined;
}
