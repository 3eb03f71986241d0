import type { Millis } from '../../../core/time/clock.ts';
import { defined } from '../../../core/defined.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { ConfigurationState } from '../configurations/configuration.ts';
import { scopesOf } from '../registry/device-scopes.ts';
import { hubInstant } from '../hub-instant.ts';
import type { Identity } from '../registry/identities.ts';
import { sectionDocument } from './twin-section.ts';
import { identityName } from '../registry/identity-name.ts';
import { twinEtag, type Twin, type TwinOutcome } from './twins.ts';
import { connectionState, thumbprintsOf, type ConnectionStates } from '../registry/identity-view.ts';

/** The parts of a hub whose data its twins contain. */
export interface TwinSurroundings extends ConnectionStates {
  readonly configurations: { statesOf(deviceId: string): Readonly<Record<string, ConfigurationState>> };
  lastActivity(deviceId: string): Millis | undefined;
  queueOf(deviceId: string): { readonly length: number };
}

/** Returns a twin in the form of the service API, including the fields that come from the identity. */
export function twinJson(twin: Twin, identity: Identity, hub: TwinSurroundings): JsonObject {
  const configurations = hub.configurations.statesOf(twin.deviceId);
  const { deviceId, moduleId, status, statusReason, statusUpdatedAt, authentication, etag, capabilities } = identity;
  const name = identityName(identity);
  return {
    deviceId,
    ...defined({ moduleId }),
    etag: twinEtag(twin),
    deviceEtag: etag,
    status,
    ...defined({ statusReason }),
    statusUpdateTime: hubInstant(statusUpdatedAt),
    connectionState: connectionState(name, hub),
    lastActivityTime: hubInstant(hub.lastActivity(name)),
    cloudToDeviceMessageCount: moduleId === undefined ? hub.queueOf(deviceId).length : 0,
    authenticationType: authentication.type,
    x509Thumbprint: thumbprintsOf(authentication, ['PrimaryThumbprint', 'SecondaryThumbprint']),
    modelId: twin.modelId ?? '',
    version: twin.version,
    tags: twin.tags,
    properties: { desired: sectionDocument(twin.desired), reported: sectionDocument(twin.reported) },
    ...(moduleId === undefined ? { capabilities: capabilities ?? { iotEdge: false } } : {}),
    ...(Object.keys(configurations).length === 0 ? {} : { configurations: statesJson(configurations) }),
    ...scopesOf(identity),
  };
}

function statesJson(states: Readonly<Record<string, ConfigurationState>>): JsonObject {
  return Object.fromEntries(Object.entries(states).map(([id, status]) => [id, { status }]));
}

/** Returns the twins of all devices or of all modules of a hub, for queries. */
export function twinDocuments(
  hub: TwinSurroundings & { twinOf(name: string): TwinOutcome },
  identities: readonly Identity[],
): readonly JsonObject[] {
  return identities.flatMap((identity) => {
    const outcome = hub.twinOf(identityName(identity));
    return outcome.ok ? [twinJson(outcome.value, identity, hub)] : [];
  });
}
