/**
 * Returns the bytes of a PUBLISH packet (MQTT 3.1.1 section 3.3). The hub writes its own packets, because aedes does
 * not reveal their packet identifiers and the hub must know to which message a PUBACK belongs.
 *
 * @param numbered the packet identifier for QoS 1, and whether the hub has sent the message before [MQTT-3.3.1-1].
 *   Default: QoS 0.
 */
export function publishPacket(
  topic: string,
  payload: Buffer,
  numbered?: { readonly packetId: number; readonly isAgain: boolean },
): Buffer {
  const name = Buffer.from(topic);
  const head = numbered === undefined ? 0x30 : numbered.isAgain ? 0x3a : 0x32;
  const body = Buffer.concat([
    u16(name.length),
    name,
    ...(numbered === undefined ? [] : [u16(numbered.packetId)]),
    payload,
  ]);
  return Buffer.concat([Buffer.from([head, ...remainingLength(body.length)]), body]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Encodes a remaining length: seven bits in each byte, lowest bits first. */
function remainingLength(length: number): number[] {
  return length < 0x80 ? [length] : [(length & 0x7f) | 0x80, ...remainingLength(length >>> 7)];
}
