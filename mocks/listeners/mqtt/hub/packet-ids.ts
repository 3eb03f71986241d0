/**
 * The packet identifiers of messages to one device that wait for their PUBACK. A session that is kept sends again what was
 * not acknowledged under its original identifier [MQTT-4.4.0-1].
 */
export class PacketIds {
  /** Identifiers by the sequence number of the message in its queue. */
  readonly #ids = new Map<number, number>();
  #last = 0;

  /** The identifier of a message, a new one where it has none yet. */
  of(sequenceNumber: number): number {
    const known = this.#ids.get(sequenceNumber);
    if (known !== undefined) return known;
    const [oldest] = this.#ids.keys();
    // Of a queue of 50, more are out only if some have expired or been purged since.
    if (this.#ids.size >= mostOut && oldest !== undefined) this.#ids.delete(oldest);
    const taken = new Set(this.#ids.values());
    do this.#last = (this.#last % 0xffff) + 1;
    while (taken.has(this.#last));
    this.#ids.set(sequenceNumber, this.#last);
    return this.#last;
  }

  /** The device has acknowledged an identifier: it may be used again [MQTT-2.3.1-4]. */
  free(packetId: number): void {
    for (const [sequenceNumber, id] of this.#ids) if (id === packetId) this.#ids.delete(sequenceNumber);
  }
}

const mostOut = 200;
