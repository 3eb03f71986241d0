/**
 * The packet identifiers of messages to one device that wait for their PUBACK. A persistent session sends unacknowledged messages again
 * under their original identifiers [MQTT-4.4.0-1].
 */
export class PacketIds {
  /** Identifiers by the sequence number of the message in its queue. */
  readonly #ids = new Map<number, number>();
  #last = 0;

  /** Returns the identifier of a message, a new one if it has none. */
  of(sequenceNumber: number): number {
    const known = this.#ids.get(sequenceNumber);
    if (known !== undefined) return known;
    const [oldest] = this.#ids.keys();
    // A queue holds 50 messages, so there are more identifiers only if messages have expired or were purged.
    if (this.#ids.size >= mostOut && oldest !== undefined) this.#ids.delete(oldest);
    const taken = new Set(this.#ids.values());
    do this.#last = (this.#last % 0xffff) + 1;
    while (taken.has(this.#last));
    this.#ids.set(sequenceNumber, this.#last);
    return this.#last;
  }

  /** Frees an identifier that the device has acknowledged [MQTT-2.3.1-4]. */
  free(packetId: number): void {
    for (const [sequenceNumber, id] of this.#ids) if (id === packetId) this.#ids.delete(sequenceNumber);
  }
}

const mostOut = 200;
