/** Finds the end of a portion of MQTT packets in a stream of bytes (MQTT 3.1.1 section 2.2). The bytes may come in pieces of any size. */
export class MqttPortions {
  readonly #most: number;
  /** The part of a packet to which the next byte belongs: its first byte, its remaining length, or the rest. */
  #place: 'start' | 'length' | 'body' = 'start';
  #length = 0;
  #shift = 0;

  /** @param most packets in one portion. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the number of bytes up to the end of the last packet of a portion, or all of them if they complete fewer packets. */
  next(bytes: Buffer): number {
    let packets = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#place === 'start') {
        at++;
        [this.#place, this.#length, this.#shift] = ['length', 0, 0];
      } else if (this.#place === 'length') {
        const octet = bytes[at++] ?? 0;
        this.#length += (octet & 0x7f) * 2 ** this.#shift;
        this.#shift += 7;
        // At most four bytes. A fifth byte makes the parser end the connection.
        if (octet < 0x80 || this.#shift === 28) this.#place = 'body';
      } else {
        const here = Math.min(this.#length, bytes.length - at);
        at += here;
        this.#length -= here;
      }
      if (this.#place !== 'body' || this.#length > 0) continue;
      this.#place = 'start';
      if (++packets === this.#most) return at;
    }
    return at;
  }
}
