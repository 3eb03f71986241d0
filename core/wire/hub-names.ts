/** The host names of a hub: the classic one, and the two with TLS 1.3 (iot-hub-devguide-endpoints). */
export interface HubNames {
  readonly classic: string;
  /** For devices. */
  readonly device: string;
  /** For the service side. */
  readonly service: string;
}

/** Returns the host names of a hub. @param classic `{hub}.azure-devices.net`. */
export function hubNamesOf(classic: string): HubNames {
  const [name = '', ...rest] = classic.split('.');
  const named = (kind: string): string => [name, kind, ...rest].join('.');
  return { classic, device: named('device'), service: named('service') };
}

/**
 * Replaces the name `device` or `service` of a hub with the classic name, at the start of a text: a host name, or the audience of a token,
 * encoded or not. Returns every other text unchanged.
 */
export function classicHubName(text: string): string {
  return text.replace(/^([^./%:]+)\.(?:device|service)(?=\.azure-devices\.net(?:$|[/%:]))/i, '$1');
}
