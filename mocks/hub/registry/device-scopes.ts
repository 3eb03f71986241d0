import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import { hubProblems, saying, type HubProblem } from '../hub-problems.ts';
import type { Identities, Identity } from './identities.ts';

/**
 * The scopes of an identity, as registry and twin contain them. A device has no scopes if it is not an edge device and
 * has no parent.
 */
export interface DeviceScopes {
  /** The scope of the edge device itself; for a device that is not an edge device, the scope of its parent. */
  readonly deviceScope?: string;
  /** The scope of the parent. The list has at most one entry. */
  readonly parentScopes?: readonly string[];
}

/** Returns the scopes of an identity, as Azure documents `deviceScope` and `parentScopes` of the registry. */
export function scopesOf(identity: Identity): DeviceScopes {
  const { parentScope } = identity;
  const parentScopes = parentScope ? [parentScope] : [];
  if (isEdge(identity)) return { deviceScope: edgeScope(identity), parentScopes };
  return parentScope ? { deviceScope: parentScope, parentScopes } : {};
}

/**
 * Checks the scopes in a write to the registry. The hub assigns the scope of an edge device. A parent is another edge device of
 * the same hub.
 *
 * @returns the scope of the parent; null if the device has no parent.
 */
export function readParentScope(
  identities: Pick<Identities, 'find' | 'all'>,
  deviceId: string,
  isEdgeDevice: boolean,
  { deviceScope, parentScopes = [] }: DeviceScopes,
): Result<string | null, HubProblem> {
  if (parentScopes.length > 1) return invalid('parentScopes must have at most one entry.');
  const known = identities.find(deviceId);
  const own = known !== undefined && isEdge(known) ? edgeScope(known) : undefined;
  if (isEdgeDevice && own !== undefined && deviceScope && deviceScope !== own) {
    return invalid(`The deviceScope of this edge device must stay ${own}.`);
  }
  const [parent = ''] = parentScopes;
  const named = isEdgeDevice ? parent : deviceScope || parent;
  if (!isEdgeDevice && deviceScope && parent !== '' && parent !== deviceScope && parent !== known?.parentScope) {
    return invalid('deviceScope and parentScopes must name the same parent.');
  }
  if (named === '') return succeeded(null);
  const isKnown = identities.all().some((each) => isEdge(each) && edgeScope(each) === named);
  if (!isKnown || named === own)
    return invalid(`${named.slice(0, 200)} is not the deviceScope of another edge device of this hub.`);
  return succeeded(named);
}

function isEdge({ capabilities }: Identity): boolean {
  return capabilities?.iotEdge === true;
}

function edgeScope({ deviceId, generationId }: Identity): string {
  return `ms-azure-iot-edge://${deviceId}-${generationId}`;
}

function invalid(message: string): Result<never, HubProblem> {
  return failedWith(saying(hubProblems.argumentInvalid, message));
}
