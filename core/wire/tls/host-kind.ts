/**
 * The kinds of host names that DPS and its hubs have. Each kind has its own TLS settings.
 *
 * `dps`: the device endpoint, and the host name of each DPS instance. `classic`: `{hub}.azure-devices.net`. `device`
 * and `service`: the two names with TLS 1.3 that a hub has beside the classic one (iot-hub-devguide-endpoints).
 */
export const hostKinds = ['dps', 'classic', 'device', 'service'] as const;

export type HostKind = (typeof hostKinds)[number];

/**
 * Returns the kind of a host by its name. The built-in endpoint of a hub, which is an Event Hubs host, counts as classic. Returns undefined
 * for every other name, such as `localhost` or an address.
 */
export function hostKindOf(host: string): HostKind | undefined {
  const name = host.toLowerCase();
  if (name.endsWith('.device.azure-devices.net')) return 'device';
  if (name.endsWith('.service.azure-devices.net')) return 'service';
  if (name.endsWith('.azure-devices.net') || name.endsWith('.servicebus.windows.net')) return 'classic';
  return name.endsWith('.azure-devices-provisioning.net') ? 'dps' : undefined;
}
