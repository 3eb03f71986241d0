/**
 * Returns true for a valid device ID: 1 to 128 ASCII letters, digits and `- . + % _ # * ? ! ( ) , : = @ ; $ '`. Upper and lower
 * case differ. This rule applies to hub registries, DPS enrollments, webhooks and scenarios.
 *
 * Sources: iot-hub-devguide-identity-registry, and Event Grid's IoT Hub schema for `;`. Since 2018 the guide calls `+` and `#`
 * unsupported, because no SDK can write them into MQTT topics, but the service accepts them (azure-docs#16302).
 */
export function isDeviceId(text: string): boolean {
  return /^[\w.%*?!(),:=@;$'#+-]{1,128}$/.test(text);
}

/** The rule of `isDeviceId` as text, for messages. */
export const deviceIdRule = "1 to 128 ASCII letters, digits and - . + % _ # * ? ! ( ) , : = @ ; $ '";
