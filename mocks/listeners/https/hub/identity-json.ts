import { deviceIdRule, isDeviceId } from '../../../../core/wire/device-id.ts';
import { failedWith, succeeded, type Result } from '../../../../core/result.ts';
import { freshKey } from '../../../../core/random.ts';
import { trimEndOf } from '../../../../core/trim-characters.ts';
import type { JsonObject } from '../../../../core/wire/enrollment.ts';
import type { Hub } from '../../../hub/hub.ts';
import { hubInstant } from '../../../hub/hub-instant.ts';
import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';
import type { Identity, IdentityTerms } from '../../../hub/registry/identities.ts';
import type { IdentityAuthentication } from '../../../shared/identity-authentication.ts';
import { scopesOf, type DeviceScopes } from '../../../hub/registry/device-scopes.ts';
import { connectionState, thumbprintsOf } from '../../../hub/registry/identity-view.ts';
import { isJsonObject } from '../../../hub/twins/json-value.ts';

/** Returns the JSON of an identity as the registry sends it, with its keys. */
export function identityJson(identity: Identity, hub: Hub): JsonObject {
  const { deviceId, generationId, etag, status, statusReason, statusUpdatedAt, authentication } = identity;
  return {
    deviceId,
    generationId,
    etag,
    connectionState: connectionState(deviceId, hub),
    status,
    statusReason: statusReason ?? null,
    connectionStateUpdatedTime: hubInstant(hub.connections.changedAt(deviceId)),
    statusUpdatedTime: hubInstant(statusUpdatedAt),
    lastActivityTime: hubInstant(hub.lastActivity(deviceId)),
    cloudToDeviceMessageCount: hub.queueOf(deviceId).length,
    authentication: authenticationJson(authentication),
    capabilities: identity.capabilities ?? { iotEdge: false },
    ...scopesOf(identity),
  };
}

/** Returns the JSON of the credentials of a device or module, with its keys. */
export function authenticationJson(authentication: IdentityAuthentication): JsonObject {
  const keys = authentication.type === 'sas' ? authentication : undefined;
  return {
    symmetricKey: {
      primaryKey: keys?.primaryKey.toString('base64') ?? null,
      secondaryKey: keys?.secondaryKey.toString('base64') ?? null,
    },
    x509Thumbprint: thumbprintsOf(authentication, ['primaryThumbprint', 'secondaryThumbprint']),
    type: authentication.type,
  };
}

/** Reads the JSON of a device. If the JSON contains no keys, generates new keys, even in an update. */
export function readIdentity(
  deviceId: string,
  value: unknown,
): Result<{ readonly terms: IdentityTerms; readonly scopes: DeviceScopes }, HubProblem> {
  if (!isJsonObject(value)) return failedWith(hubProblems.formatError);
  if (!isDeviceId(deviceId)) {
    return invalid(`"${deviceId.slice(0, 140)}" is not a valid device ID: it must have ${deviceIdRule}.`);
  }
  if (value['deviceId'] !== undefined && value['deviceId'] !== deviceId) {
    return invalid('deviceId in the body differs from the ID in the path.');
  }
  // Ignores the case of the status, because the Java SDK writes the status with a capital letter.
  const given = value['status'] ?? 'enabled';
  const status = statuses.find((each) => typeof given === 'string' && each === given.toLowerCase());
  if (status === undefined) return invalid('status must be enabled or disabled.');
  const statusReason = value['statusReason'] ?? undefined;
  if (statusReason !== undefined && (typeof statusReason !== 'string' || statusReason.length > 128)) {
    return invalid('statusReason must be a string of at most 128 characters.');
  }
  const authentication = readAuthentication(value['authentication'] ?? {});
  if (!authentication.ok) return authentication;
  const capabilities = value['capabilities'];
  const iotEdge = isJsonObject(capabilities) && capabilities['iotEdge'] === true;
  const { deviceScope = null, parentScopes = null } = value;
  if (deviceScope !== null && typeof deviceScope !== 'string') return invalid('deviceScope must be a string.');
  if (parentScopes !== null && !isTexts(parentScopes)) return invalid('parentScopes must be a list of strings.');
  return succeeded({
    terms: { deviceId, status, statusReason, authentication: authentication.value, capabilities: { iotEdge } },
    scopes: { ...(deviceScope === null ? {} : { deviceScope }), ...(parentScopes === null ? {} : { parentScopes }) },
  });
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Reads the credentials of a device or module. If the JSON contains no keys, generates new keys. */
export function readAuthentication(value: unknown): Result<IdentityAuthentication, HubProblem> {
  if (!isJsonObject(value)) return invalid('authentication must be a JSON object.');
  const keys = textsIn(value['symmetricKey'], ['primaryKey', 'secondaryKey']);
  const thumbprints = textsIn(value['x509Thumbprint'], ['primaryThumbprint', 'secondaryThumbprint']);
  if (keys === undefined || thumbprints === undefined)
    return invalid('Each key and thumbprint in authentication must be a string.');
  switch (value['type'] ?? (thumbprints.every((each) => each === undefined) ? 'sas' : 'selfSigned')) {
    case 'sas':
      return readKeys(keys);
    case 'selfSigned': {
      const [primary = '', secondary] = thumbprints;
      if (![primary, secondary].every((each) => each === undefined || thumbprintShape.test(each))) {
        return invalid('StringIsNotThumbprint: a thumbprint must have 40 or 64 hexadecimal digits.');
      }
      const second = secondary === undefined ? {} : { secondaryThumbprint: secondary };
      return succeeded({ type: 'selfSigned', primaryThumbprint: primary, ...second });
    }
    case 'certificateAuthority':
      return succeeded({ type: 'certificateAuthority' });
    default:
      return invalid('authentication.type must be sas, selfSigned or certificateAuthority.');
  }
}

function readKeys([primary, secondary]: readonly (string | undefined)[]): Result<IdentityAuthentication, HubProblem> {
  if (primary === undefined && secondary === undefined) {
    return succeeded({ type: 'sas', primaryKey: freshKey(32), secondaryKey: freshKey(32) });
  }
  if (primary === undefined || secondary === undefined)
    return invalid('primaryKey and secondaryKey must be set together, or both omitted.');
  const [primaryKey, secondaryKey] = [keyFrom(primary), keyFrom(secondary)];
  if (primaryKey === undefined || secondaryKey === undefined) {
    return invalid('Invalid device key length: a key must be base64 of 16 to 64 bytes.');
  }
  return succeeded({ type: 'sas', primaryKey, secondaryKey });
}

function keyFrom(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64');
  const isBase64 = trimEndOf(key.toString('base64'), '=') === trimEndOf(text, '=');
  return isBase64 && key.length >= 16 && key.length <= 64 ? key : undefined;
}

/**
 * Returns the strings of the members `names`; undefined if one of the members has another type. Empty strings and null count as
 * missing.
 */
function textsIn(value: unknown, names: readonly string[]): readonly (string | undefined)[] | undefined {
  if (value === undefined || value === null) return names.map(() => undefined);
  if (!isJsonObject(value)) return undefined;
  const found = names.map((name) => value[name] ?? '');
  if (!found.every((each) => typeof each === 'string')) return undefined;
  return found.map((each) => (each === '' ? undefined : each));
}

function invalid(message: string): Result<never, HubProblem> {
  return failedWith(saying(hubProblems.argumentInvalid, message));
}

const thumbprintShape = /^([0-9a-f]{40}|[0-9a-f]{64})?$/i;

const statuses = ['enabled', 'disabled'] as const;
