import type { Receiver, Sender } from 'rhea';

/** Returns the address of a client's link, or undefined without one. */
export function addressOf(link: Sender | Receiver): string | undefined {
  const address: unknown = (link.is_receiver() ? link.target : link.source)?.address;
  return typeof address === 'string' ? address : undefined;
}
