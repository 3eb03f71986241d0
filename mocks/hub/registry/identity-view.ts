import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { IdentityAuthentication } from '../../shared/identity-authentication.ts';

/**
 * Returns the thumbprints that an identity accepts; null for a missing thumbprint.
 *
 * @param names names of the two fields, which differ between the registry and the twin.
 */
export function thumbprintsOf(
  authentication: IdentityAuthentication,
  [primary, secondary]: readonly [string, string],
): JsonObject {
  const pinned = authentication.type === 'selfSigned' ? authentication : undefined;
  return { [primary]: pinned?.primaryThumbprint || null, [secondary]: pinned?.secondaryThumbprint ?? null };
}

/** The part of a hub that knows which devices are connected. */
export interface ConnectionStates {
  readonly connections: { isConnected(deviceId: string): boolean };
}

/** Returns the connection state of a device, in the words that registry and twin use. */
export function connectionState(deviceId: string, { connections }: ConnectionStates): 'Connected' | 'Disconnected' {
  return connections.isConnected(deviceId) ? 'Connected' : 'Disconnected';
}
