import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { HostKind } from '../../core/wire/tls/host-kind.ts';
import { hostKinds } from '../../core/wire/tls/host-kind.ts';
import { publicRoots, type PublicRoot } from '../../core/wire/tls/public-roots.ts';
import { tlsProfileOf, type TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';

type ServerKey = FidelitySettings['serverKey'];

/** The root of one kind of host, if the root or its key type differs from the first root. */
interface HostRoot {
  readonly root: string;
  readonly serverKey: ServerKey;
}

/** The server roots of a cloud. */
export interface RootPlan {
  /** Names of the roots. The first one is the root of DPS. */
  readonly names: readonly [string, ...string[]];
  readonly hosts: ReadonlyMap<HostKind, HostRoot>;
}

/**
 * Plans the server roots of a cloud. Without a profile, the certificates of all hosts chain to the first root. With a
 * profile, the certificates of each kind of host chain to the root that the profile names, if the cloud has this root.
 *
 * @param given names of roots in the settings. Default: the roots that the profile uses, or one root.
 */
export function rootPlan(
  profile: TlsProfileName | undefined,
  given: readonly string[] | undefined,
  serverKey: ServerKey,
): RootPlan {
  const hosts = profile === undefined ? {} : tlsProfileOf(profile).hosts;
  const kinds = hostKinds.flatMap((kind) => {
    const host = hosts[kind];
    return host === undefined ? [] : [{ kind, root: host.roots[0], key: host.key }];
  });
  const [first = 'server-root', ...others] = given ?? [...new Set(kinds.map(({ root }) => root))];
  const names: RootPlan['names'] = [first, ...others];
  const apart = kinds.filter(({ root, key }) => names.includes(root) && (root !== first || key === 'ECDSA'));
  return {
    names,
    hosts: new Map(
      apart.map(({ kind, root, key }) => [kind, { root, serverKey: key === 'ECDSA' ? 'P-256' : serverKey }]),
    ),
  };
}

/**
 * Plans the server roots after a change to another profile. The root of DPS comes first. If the cloud does not have
 * this root, the current root comes first.
 *
 * @param known names of the roots that the cloud has.
 */
export function planAfterChange(
  profile: TlsProfileName,
  known: readonly string[],
  current: string,
  serverKey: ServerKey,
): RootPlan {
  const ofDps = tlsProfileOf(profile).hosts.dps?.roots[0];
  const first = ofDps !== undefined && known.includes(ofDps) ? ofDps : current;
  return rootPlan(profile, [first, ...known.filter((name) => name !== first)], serverKey);
}

/**
 * Returns the kind of key of a root: the kind of the public root with this name if its key is ECDSA, otherwise `usual`.
 */
export function rootKeyOf(name: string, usual: ServerKey): ServerKey {
  const known: PublicRoot | undefined = Object.entries(publicRoots).find(([each]) => each === name)?.[1];
  return known?.key === 'ECDSA' ? 'P-256' : usual;
}
