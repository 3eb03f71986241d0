/**
 * How a path or topic can name a device. Device IDs may have characters that a topic must not carry (`#`, `+`,
 * [MQTT-3.3.2-2]): such an ID is percent-encoded. The Python SDK of 2020 encoded every ID so, and the Embedded C SDK asked
 * its users to; other SDKs write the ID as it is.
 */
export function isDeviceSegment(segment: string, deviceId: string, mayEncode = true): boolean {
  return segment === deviceId || (mayEncode && decodeSegment(segment) === deviceId);
}

/** `deviceId` as a topic name can carry it: encoded only where it has to be. */
export function writeDeviceSegment(deviceId: string): string {
  return /[#+/]/.test(deviceId) ? encodeURIComponent(deviceId) : deviceId;
}

/** The text that `segment` encodes; the segment itself where it is no percent encoding. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
