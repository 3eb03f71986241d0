/** Splits the bytes of one direction of an MQTT connection into control packets. The class reads only the fixed header [MQTT-2.2.3]. */
export class MqttFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** Returns the complete packets, or `malformed` if a remaining length has more than four bytes. */
  take(bytes: Buffer): readonly Buffer[] | 'malformed' {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const packets: Buffer[] = [];
    for (;;) {
      const length = packetLength(this.#rest);
      if (length === 'malformed') return 'malformed';
      if (length === undefined || length > this.#rest.length) return packets;
      packets.push(this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }
}

/** Returns the length of the first packet with its header; undefined if the header is incomplete. */
function packetLength(bytes: Buffer): number | 'malformed' | undefined {
  let length = 0;
  for (let at = 1; at <= 4; at++) {
    const octet = bytes[at];
    if (octet === undefined) return undefined;
    length += (octet & 0x7f) * 128 ** (at - 1);
    if ((octet & 0x80) === 0) return length + at + 1;
  }
  return 'malformed';
}
