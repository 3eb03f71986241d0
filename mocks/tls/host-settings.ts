import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { HostKind } from '../../core/wire/tls/host-kind.ts';
import type { HostTls } from '../../core/wire/tls/judge-offer.ts';
import { dpsSuites } from '../../core/wire/tls/suite-lists.ts';
import { tlsVersions } from '../../core/wire/tls/tls-names.ts';
import { tlsProfileOf, type TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';

/**
 * Returns the TLS settings of a kind of host in a profile; undefined if the profile does not have this kind. A client
 * without a server name, or with an unknown one, can mean DPS or a classic hub, so it gets the settings of both.
 */
export function hostTlsOf(
  profile: TlsProfileName,
  kind: HostKind | undefined,
  { serverKey }: Pick<FidelitySettings, 'serverKey'>,
): HostTls | undefined {
  const { hosts } = tlsProfileOf(profile);
  const chosen = (kind === undefined ? [hosts.dps, hosts.classic] : [hosts[kind]]).filter((host) => host !== undefined);
  const [first] = chosen;
  if (first === undefined) return undefined;
  const suites = chosen.flatMap((host) => host.suites);
  return {
    versions: tlsVersions.filter((version) => chosen.some((host) => host.versions.includes(version))),
    // The switch `serverKey` can give an ECC certificate to hosts that have none in the profile. So their suites also
    // include the suites for ECC.
    suites: [...new Set(serverKey === 'P-256' ? [...suites, ...dpsSuites] : suites)],
    key: serverKey === 'P-256' ? 'ECDSA' : first.key,
  };
}
