import type { Cloud } from '../../core/cloud/cloud.ts';

/** DER of the server roots of those names; the loader has seen that the cloud has them. */
export function trustedRoots({ serverRoots }: Pick<Cloud, 'serverRoots'>, names: readonly string[]): readonly Buffer[] {
  return names.flatMap((name) => serverRoots.get(name) ?? []);
}
