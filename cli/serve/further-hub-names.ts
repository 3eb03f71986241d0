import { hubNamesOf } from '../../core/wire/hub-names.ts';
import { defaultTlsProfile, tlsProfileOf, type TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';
import type { Ready } from './ready.ts';

/**
 * Returns the host names at which hubs support TLS 1.3, by name of the hub; an empty object if the TLS profile has no such host names.
 *
 * @param hubs classic host names, by name of the hub.
 */
export function furtherHubNames(
  hubs: Readonly<Record<string, string>>,
  profile: TlsProfileName = defaultTlsProfile,
): Ready['hosts']['hubNames'] {
  if (tlsProfileOf(profile).hosts.device === undefined) return {};
  return Object.fromEntries(
    Object.entries(hubs).map(([name, host]) => {
      const { device, service } = hubNamesOf(host);
      return [name, { device, service }];
    }),
  );
}
