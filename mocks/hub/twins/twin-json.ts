import { defined } from '../../../core/defined.ts';
import type { JsonObject } from '../../../core/wire/enrollment.ts';
import type { ConfigurationState } from '../configurations/configuration.ts';
import type { Hub } from '../hub.ts';
import { scopesOf } from '../registry/device-scopes.ts';
import { hubInstant } from '../hub-instant.ts';
import type { Identity } from '../registry/identities.ts';
import { sectionDocument } from './twin-section.ts';
import { twinEtag, type Twin } from './twins.ts';
import { connectionState, thumbprintsOf } from '../registry/identity-view.ts';

/** Returns a twin as the service API does, with the fields that it copies from the identity. */
export function twinJson(twin: Twin, identity: Identity, hub: Hub): JsonObject {
  const configurations = hub.configurations.statesOf(twin.deviceId);
  const { deviceId, status, statusReason, statusUpdatedAt, authentication, etag, capabilities } = identity;
  return {
    deviceId,
    etag: twinEtag(twin),
    deviceEtag: etag,
    status,
    ...defined({ statusReason }),
    statusUpdateTime: hubInstant(statusUpdatedAt),
    connectionState: connectionState(deviceId, hub),
    lastActivityTime: hubInstant(hub.lastActivity(deviceId)),
    cloudToDeviceMessageCount: hub.queueOf(deviceId).length,
    authenticationType: authentication.type,
    x509Thumbprint: thumbprintsOf(authentication, ['PrimaryThumbprint', 'SecondaryThumbprint']),
    modelId: twin.modelId ?? '',
    version: twin.version,
    tags: twin.tags,
    properties: { desired: sectionDocument(twin.desired), reported: sectionDocument(twin.reported) },
    capabilities: capabilities ?? { iotEdge: false },
    ...(Object.keys(configurations).length === 0 ? {} : { configurations: statesJson(configurations) }),
    ...scopesOf(identity),
  };
}

function statesJson(states: Readonly<Record<string, ConfigurationState>>): JsonObject {
  return Object.fromEntries(Object.entries(states).map(([id, status]) => [id, { status }]));
}

/** Returns the twins of all devices of a hub, for queries. */
export function twinDocuments(hub: Hub): readonly JsonObject[] {
  return hub.identities.all().flatMap((identity) => {
    const outcome = hub.twinOf(identity.deviceId);
    return 'problem' in outcome ? [] : [twinJson(outcome.twin, identity, hub)];
  });
}
