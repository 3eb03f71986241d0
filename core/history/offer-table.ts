import { createHash } from 'node:crypto';
import type { ClientHello } from '../wire/tls/client-hello.ts';
import type { ClientOffer } from './events.ts';

/**
 * The offers of clients in a history. Most clients of a run send the same offer in each connection, and an offer has a kilobyte as JSON, so
 * the history has each one only once.
 */
export class OfferTable {
  readonly #isRepeated: boolean;
  readonly #known = new Set<string>();

  /** @param isRepeated true if each event has its offer, because the history drops old events. */
  constructor(isRepeated: boolean) {
    this.#isRepeated = isRepeated;
  }

  /** Returns the members of an event for an offer. */
  keep(hello: ClientHello): Pick<ClientOffer, 'host' | 'digest' | 'hello'> {
    const { serverName, ...offer } = hello;
    const digest = createHash('sha256').update(JSON.stringify(offer)).digest('hex').slice(0, 16);
    const isKnown = this.#known.has(digest);
    if (!this.#isRepeated) this.#known.add(digest);
    return { ...(serverName === undefined ? {} : { host: serverName }), digest, ...(isKnown ? {} : { hello }) };
  }
}
