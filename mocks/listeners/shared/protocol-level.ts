/**
 * Reads the protocol level from the first bytes of a connection. A server answers an unsupported level with CONNACK 1
 * [MQTT-3.1.2-2], whatever the rest of the packet is. Bridges of mosquitto set the high bit (0x84), and MQTT 5
 * continues with properties.
 *
 * @returns the level; `more` if the bytes end before the level; `none` if the bytes are not a CONNECT of MQTT.
 */
export function protocolLevel(opening: Buffer): number | 'more' | 'none' {
  if (opening.length > 0 && opening[0] !== 0x10) return 'none';
  const lengthEnd = opening.subarray(1, 5).findIndex((octet) => octet < 0x80);
  if (lengthEnd < 0) return opening.length < 5 ? 'more' : 'none';
  const header = opening.subarray(2 + lengthEnd);
  if (header.length < 2) return 'more';
  const nameLength = header.readUInt16BE(0);
  if (nameLength > longestName) return 'none';
  const level = header[2 + nameLength];
  if (level === undefined) return 'more';
  return names.includes(header.toString('latin1', 2, 2 + nameLength)) ? level : 'none';
}

/** The protocol names in CONNECT: `MQTT` since MQTT 3.1.1, `MQIsdp` in MQTT 3.1. */
const names = ['MQTT', 'MQIsdp'];
const longestName = 6;
