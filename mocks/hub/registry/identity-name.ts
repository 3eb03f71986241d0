/** A device, or one of its modules. */
export interface NamedIdentity {
  readonly deviceId: string;
  /** The module; undefined for the device itself. */
  readonly moduleId?: string | undefined;
}

/**
 * Returns the name by which a hub stores an identity, its twin and its connection: the device ID, or
 * `{deviceId}/{moduleId}`. This name is also the MQTT client ID and the common name of a certificate (azure-docs
 * `iot-mqtt-connect-to-iot-hub`). A device ID has no slash.
 */
export function identityName({ deviceId, moduleId }: NamedIdentity): string {
  return moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`;
}

/** Reverses `identityName`. */
export function readIdentityName(name: string): NamedIdentity {
  const slash = name.indexOf('/');
  return slash < 0 ? { deviceId: name } : { deviceId: name.slice(0, slash), moduleId: name.slice(slash + 1) };
}

/** Returns the resource below a hub that the token of an identity names. */
export function resourceOf(name: string): string {
  const { deviceId, moduleId } = readIdentityName(name);
  return moduleId === undefined ? `devices/${deviceId}` : `devices/${deviceId}/modules/${moduleId}`;
}
