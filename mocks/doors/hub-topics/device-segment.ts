/**
 * Whether a topic segment names `deviceId`. Device IDs have characters that a topic cannot carry (`#`, `+`): the Python SDK
 * percent-encodes the ID in every topic, the others write it as it is.
 */
export function isDeviceSegment(segment: string, deviceId: string): boolean {
  return segment === deviceId || decoded(segment) === deviceId;
}

/** `deviceId` as a topic name can carry it [MQTT-3.3.2-2]: encoded only where it has to be. */
export function writeDeviceSegment(deviceId: string): string {
  return /[#+/]/.test(deviceId) ? encodeURIComponent(deviceId) : deviceId;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
