import type { JsonObject } from '../../core/enrollment.ts';
import type { Hub } from '../hub/hub.ts';
import { hubInstant } from '../hub/hub-instant.ts';
import type { Identity } from '../hub/identities.ts';
import { sectionDocument } from '../hub/twin-section.ts';
import { twinEtag, type Twin } from '../hub/twins.ts';
import { connectionState, thumbprintsOf } from './identity-json.ts';

/** A twin as the service side shows it, with what it mirrors of the identity. */
export function twinJson(twin: Twin, identity: Identity, hub: Hub): JsonObject {
  const { deviceId, status, statusReason, statusUpdatedAt, authentication, etag, capabilities } = identity;
  return {
    deviceId,
    etag: twinEtag(twin),
    deviceEtag: etag,
    status,
    ...(statusReason === undefined ? {} : { statusReason }),
    statusUpdateTime: hubInstant(statusUpdatedAt),
    connectionState: connectionState(deviceId, hub),
    lastActivityTime: hubInstant(hub.lastActivity(deviceId)),
    cloudToDeviceMessageCount: hub.queueOf(deviceId).length,
    authenticationType: authentication.type,
    x509Thumbprint: thumbprintsOf(authentication, ['PrimaryThumbprint', 'SecondaryThumbprint']),
    modelId: '',
    version: twin.version,
    tags: twin.tags,
    properties: { desired: sectionDocument(twin.desired), reported: sectionDocument(twin.reported) },
    capabilities: capabilities ?? { iotEdge: false },
  };
}
