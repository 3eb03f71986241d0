import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { HostKind } from '../../core/wire/tls/host-kind.ts';
import { hostKinds } from '../../core/wire/tls/host-kind.ts';
import { publicRoots, type PublicRoot } from '../../core/wire/tls/public-roots.ts';
import { tlsProfileOf, type TlsProfileName } from '../../core/wire/tls/tls-profiles.ts';

type ServerKey = FidelitySettings['serverKey'];

/** The root of one kind of host, if it is not the first one of the cloud. */
interface HostRoot {
  readonly root: string;
  readonly serverKey: ServerKey;
}

/** The server roots of a cloud. */
export interface RootPlan {
  /** The first one is the root of DPS. */
  readonly names: readonly [string, ...string[]];
  readonly hosts: ReadonlyMap<HostKind, HostRoot>;
}

/**
 * Plans the server roots of a cloud. Without a profile, all hosts are under the first root. With a profile, each kind of host is under the
 * root of the profile, if the cloud has a root with its name.
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

/** Returns the kind of the key of a root: that of the public root with its name, or the usual one. */
export function rootKeyOf(name: string, usual: ServerKey): ServerKey {
  const known: PublicRoot | undefined = Object.entries(publicRoots).find(([each]) => each === name)?.[1];
  return known?.key === 'ECDSA' ? 'P-256' : usual;
}
