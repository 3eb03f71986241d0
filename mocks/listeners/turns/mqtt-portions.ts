/**
 * Finds where so many MQTT packets end in a stream of bytes (MQTT 3.1.1 section 2.2), whatever pieces the bytes come in.
 */
export class MqttPortions {
  readonly #most: number;
  /** Where the next byte belongs: to the first byte of a packet, to its remaining length, or behind both. */
  #place: 'start' | 'length' | 'body' = 'start';
  #length = 0;
  #shift = 0;

  /** @param most packets of one portion. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The number of bytes up to the end of the last packet of a portion; all of them if fewer packets end in them. */
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
        // Four octets at most; what the parser makes of a fifth ends the connection.
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
