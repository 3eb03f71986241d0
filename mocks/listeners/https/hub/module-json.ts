import { defined } from '../../../../core/defined.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import { deviceIdRule, isDeviceId } from '../../../../core/wire/device-id.ts';
import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubInstant } from '../../../hub/hub-instant.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import type { Identity, IdentityTerms } from '../../../hub/registry/identities.ts';
import { identityName } from '../../../hub/registry/identity-name.ts';
import { connectionState } from '../../../hub/registry/identity-view.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';
import { authenticationJson, readAuthentication } from './identity-json.ts';

/** Returns the JSON of a module as the registry sends it, with its keys. A module has no status. */
export function moduleJson(module: Identity, hub: Hub): JsonObject {
  const { moduleId, managedBy, deviceId, generationId, etag, authentication } = module;
  const name = identityName(module);
  return {
    moduleId,
    managedBy: managedBy ?? null,
    deviceId,
    generationId,
    etag,
    connectionState: connectionState(name, hub),
    connectionStateUpdatedTime: hubInstant(hub.connections.changedAt(name)),
    lastActivityTime: hubInstant(hub.lastActivity(name)),
    cloudToDeviceMessageCount: 0,
    authentication: authenticationJson(authentication),
  };
}

/** Reads the JSON of a module. If the JSON contains no keys, generates new keys, even in an update. */
export function readModule(
  { deviceId, moduleId }: { readonly deviceId: string; readonly moduleId: string },
  value: unknown,
): Result<IdentityTerms, HubProblem> {
  if (!isJsonObject(value)) return failedWith(hubProblems.formatError);
  if (!isDeviceId(moduleId)) {
    return invalid(`"${moduleId.slice(0, 140)}" is not a valid module ID: it must have ${deviceIdRule}.`);
  }
  const names = { deviceId, moduleId };
  for (const [member, expected] of Object.entries(names)) {
    if (value[member] !== undefined && value[member] !== expected)
      return invalid(`${member} in the body differs from the ID in the path.`);
  }
  const managedBy = value['managedBy'] ?? undefined;
  if (managedBy !== undefined && typeof managedBy !== 'string') return invalid('managedBy must be a string.');
  const authentication = readAuthentication(value['authentication'] ?? {});
  if (!authentication.ok) return authentication;
  return succeeded({ ...names, status: 'enabled', authentication: authentication.value, ...defined({ managedBy }) });
}

function invalid(message: string): Result<never, HubProblem> {
  return failedWith(saying(hubProblems.argumentInvalid, message));
}
