/**
 * Finds the end of a portion in a stream of bytes. A portion is a limited number of MQTT packets (MQTT 3.1.1 section 2.2). The bytes may arrive in chunks of
 * any size.
 */
export class MqttPortions {
  readonly #most: number;
  /** The part of a packet to which the next byte belongs: its first byte, its remaining length, or the rest. */
  #place: 'start' | 'length' | 'body' = 'start';
  #length = 0;
  #shift = 0;

  /** @param most maximum number of packets in one portion. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Returns the number of bytes up to the end of the last packet of a portion. If the bytes end before that, returns the number
   * of all bytes.
   */
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
        // A length has at most four bytes. If a fifth byte follows, the MQTT parser ends the connection.
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
