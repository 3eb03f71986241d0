/**
 * The packet identifiers of messages to one device that wait for their PUBACK. A persistent session sends unacknowledged messages again
 * under their original identifiers [MQTT-4.4.0-1].
 */
export class PacketIds {
  /** Packet identifiers by the sequence number that the message has in its queue. */
  readonly #ids = new Map<number, number>();
  #last = 0;

  /** Returns the packet identifier of a message; assigns a new one if the message has none. */
  of(sequenceNumber: number): number {
    const known = this.#ids.get(sequenceNumber);
    if (known !== undefined) return known;
    const [oldest] = this.#ids.keys();
    // A queue holds at most 50 messages. More identifiers exist only if messages expired or an operator purged the
    // queue. So the code removes the oldest identifier.
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
