import type { Cloud } from '../../core/cloud/cloud.ts';

/** Returns the server roots with these names, in DER. The loader has already checked that the cloud has them. */
export function trustedRoots({ serverRoots }: Pick<Cloud, 'serverRoots'>, names: readonly string[]): readonly Buffer[] {
  return names.flatMap((name) => serverRoots.get(name) ?? []);
}
