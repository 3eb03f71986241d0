import type { Receiver, Sender } from 'rhea';

/** What a link of a client is about; undefined where it does not say. */
export function addressOf(link: Sender | Receiver): string | undefined {
  const address: unknown = (link.is_receiver() ? link.target : link.source)?.address;
  return typeof address === 'string' ? address : undefined;
}
