/**
 * Whether a hub accepts `text` as a device ID: 1 to 128 ASCII letters, digits and `- . + % _ # * ? ! ( ) , : = @ ; $ '`. Case
 * matters. Every way that makes a device asks this: the registry of a hub, DPS enrollments, webhooks, scenarios.
 * Sources: iot-hub-devguide-identity-registry, and Event Grid's IoT Hub schema for `;`; `+` and `#` are called unsupported there since 2018, because no SDK can write
 * them into MQTT topics, and the service accepts them (azure-docs#16302).
 */
export function isDeviceId(text: string): boolean {
  return /^[\w.%*?!(),:=@;$'#+-]{1,128}$/.test(text);
}

/** The rule of `isDeviceId` for messages to people. */
export const deviceIdRule = "1 to 128 ASCII letters, digits and - . + % _ # * ? ! ( ) , : = @ ; $ '";
