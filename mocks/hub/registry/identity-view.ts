import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { IdentityAuthentication } from '../../shared/identity-authentication.ts';

/**
 * Returns the pinned thumbprints of an identity, null for each missing thumbprint.
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

/** The part of a hub that knows its connections. */
export interface ConnectionStates {
  readonly connections: { isConnected(deviceId: string): boolean };
}

/** Returns the connection state of a device as registry and twin write it. */
export function connectionState(deviceId: string, { connections }: ConnectionStates): 'Connected' | 'Disconnected' {
  return connections.isConnected(deviceId) ? 'Connected' : 'Disconnected';
}
