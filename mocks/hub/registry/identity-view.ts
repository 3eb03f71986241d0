import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { Hub } from '../hub.ts';
import type { IdentityAuthentication } from './identities.ts';

/**
 * Returns the pinned thumbprints of an identity, null for each that it lacks.
 *
 * @param names of the two fields: the registry and the twin write them differently.
 */
export function thumbprintsOf(
  authentication: IdentityAuthentication,
  [primary, secondary]: readonly [string, string],
): JsonObject {
  const pinned = authentication.type === 'selfSigned' ? authentication : undefined;
  return { [primary]: pinned?.primaryThumbprint || null, [secondary]: pinned?.secondaryThumbprint ?? null };
}

/** Returns the connection state of a device as registry and twin write it. */
export function connectionState(deviceId: string, hub: Hub): 'Connected' | 'Disconnected' {
  return hub.connections.isConnected(deviceId) ? 'Connected' : 'Disconnected';
}
