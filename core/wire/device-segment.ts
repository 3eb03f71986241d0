/**
 * Returns true if a segment of a path or topic is the device ID, plain or percent-encoded. A topic must not contain the
 * characters `#` and `+` ([MQTT-3.3.2-2]), so clients must percent-encode a device ID that contains one of them. The
 * Python SDK of 2020 encoded every ID. The Embedded C SDK leaves the encoding to its users, and other SDKs write the
 * plain ID.
 */
export function isDeviceSegment(segment: string, deviceId: string, mayEncode = true): boolean {
  return segment === deviceId || (mayEncode && decodeSegment(segment) === deviceId);
}

/**
 * Returns true if a path or topic names this device, or this module of the device.
 *
 * @param written the segments of device and module, plain or percent-encoded; a path of a device has no module.
 */
export function isIdentityPath(
  written: { readonly device: string; readonly module: string | undefined },
  { deviceId, moduleId }: { readonly deviceId: string; readonly moduleId?: string | undefined },
  mayEncode = true,
): boolean {
  if (!isDeviceSegment(written.device, deviceId, mayEncode)) return false;
  if (written.module === undefined || moduleId === undefined) return written.module === moduleId;
  return isDeviceSegment(written.module, moduleId, mayEncode);
}

/** Returns `deviceId` for use in a topic; percent-encoded only if the topic could not contain it otherwise. */
export function writeDeviceSegment(deviceId: string): string {
  return /[#+/]/.test(deviceId) ? encodeURIComponent(deviceId) : deviceId;
}

/** Decodes a segment. Returns the segment unchanged if its percent encoding is not valid. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
