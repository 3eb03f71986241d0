import { createHash } from 'node:crypto';
import type { ClientHello } from '../wire/tls/client-hello.ts';
import type { ClientOffer } from './events.ts';

/**
 * The ClientHello offers in a history. An offer is about a kilobyte of JSON, and most clients send the same offer in
 * each connection. So the history stores each offer only once.
 */
export class OfferTable {
  readonly #isRepeated: boolean;
  readonly #known = new Set<string>();

  /** @param isRepeated true if every event contains its whole offer. A history that drops old events needs this. */
  constructor(isRepeated: boolean) {
    this.#isRepeated = isRepeated;
  }

  /** Returns the members that describe an offer in an event. */
  keep(hello: ClientHello): Pick<ClientOffer, 'host' | 'digest' | 'hello'> {
    const { serverName, ...offer } = hello;
    const digest = createHash('sha256').update(JSON.stringify(offer)).digest('hex').slice(0, 16);
    const isKnown = this.#known.has(digest);
    if (!this.#isRepeated) this.#known.add(digest);
    return { ...(serverName === undefined ? {} : { host: serverName }), digest, ...(isKnown ? {} : { hello }) };
  }
}
