import { isIP } from 'node:net';
import type { CloudSettings } from '../../../../core/cloud/cloud.ts';

/** The host name of the mock's service API. */
export const serviceHost = 'rehearsal.azure-devices-provisioning.net';

/**
 * Returns true if a client may use this host for the service of the lab. Clients on this computer may use other names
 * than the real host. `management.azure.com` is the host of Azure Resource Manager.
 *
 * @param host the Host header in lower case, without its port.
 */
export function isOwnHost(host: string, { serverNames = [] }: Pick<CloudSettings, 'serverNames'>): boolean {
  return [serviceHost, 'localhost', '127.0.0.1', 'management.azure.com', ...serverNames].some((name) =>
    isCalled(name, host),
  );
}

/**
 * Returns true if a Host header (without its port) matches a name in a certificate. A wildcard matches one label; the
 * header contains IPv6 addresses in brackets.
 */
function isCalled(name: string, host: string): boolean {
  if (isIP(name) === 6) return host === `[${name.toLowerCase()}]`;
  const wanted = name.toLowerCase();
  return wanted.startsWith('*.') ? host.replace(/^[^.]+/, '*') === wanted : host === wanted;
}
