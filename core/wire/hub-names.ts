/** The host names of a hub: the classic one, and the two with TLS 1.3 (iot-hub-devguide-endpoints). */
export interface HubNames {
  readonly classic: string;
  /** The host name for devices. */
  readonly device: string;
  /** The host name for back ends. */
  readonly service: string;
}

/** Returns the host names of a hub. @param classic `{hub}.azure-devices.net`. */
export function hubNamesOf(classic: string): HubNames {
  const [name = '', ...rest] = classic.split('.');
  const named = (kind: string): string => [name, kind, ...rest].join('.');
  return { classic, device: named('device'), service: named('service') };
}

/**
 * If a text begins with the host name `device` or `service` of a hub, replaces this name with the classic name. The
 * text is a host name or the audience of a token, with or without percent-encoding. Returns every other text unchanged.
 */
export function classicHubName(text: string): string {
  return text.replace(/^([^./%:]+)\.(?:device|service)(?=\.azure-devices\.net(?:$|[/%:]))/i, '$1');
}
