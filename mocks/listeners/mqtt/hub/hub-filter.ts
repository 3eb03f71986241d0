import type { Interest } from '../../../hub/device-link.ts';
import { isDeviceSegment, isIdentityPath } from '../../../../core/wire/device-segment.ts';
import { readIdentityName } from '../../../hub/registry/identity-name.ts';

/**
 * A kind of message that a device receives over MQTT: a notification of the hub, or the answer to a twin request. The hub never sends
 * to the inputs of a module; only IoT Edge does.
 */
export type Heard = Interest | 'answers' | 'inputs';

/** A subscription that a hub grants. */
export interface HubFilter {
  readonly hears: readonly Heard[];
  /**
   * The device ID as the filter contains it, percent-encoded or not; `+` means any device ID. Undefined if the filter contains
   * no device ID.
   */
  readonly deviceSegment?: string;
}

/**
 * Reads a topic filter of a device or module. Returns undefined if the hub does not grant the filter. A hub is not a
 * broker, so it grants only the filters that its documentation or the SDKs use.
 *
 * @param name the device ID, or `{deviceId}/{moduleId}`.
 * @param mayEncode true if the device ID may be percent-encoded.
 */
export function readHubFilter(filter: string, name: string, mayEncode: boolean): HubFilter | undefined {
  const { deviceId, moduleId } = readIdentityName(name);
  if (moduleId !== undefined) return readModuleFilter(filter, { deviceId, moduleId }, mayEncode);
  const segment = /^devices\/([^/]+)\/messages\/devicebound\/#$/.exec(filter)?.[1];
  if (segment !== undefined) {
    // Embedded C, the FreeRTOS middleware and clients based on them subscribe with `+` instead of the device ID. The hub still sends each
    // client only its own messages.
    const isOwn = segment === '+' || isDeviceSegment(segment, deviceId, mayEncode);
    return isOwn ? { hears: ['messages'], deviceSegment: segment } : undefined;
  }
  const hears = Object.hasOwn(filters, filter) ? filters[filter] : undefined;
  return hears === undefined ? undefined : { hears };
}

/** Reads a filter of a module. A module has no messages from the cloud, and no certificate requests. */
function readModuleFilter(
  filter: string,
  module: { readonly deviceId: string; readonly moduleId: string },
  mayEncode: boolean,
): HubFilter | undefined {
  const own = /^devices\/([^/]+)\/modules\/([^/]+)\/(?:inputs\/)?#$/.exec(filter);
  if (own !== null) {
    const [, device = '', segment] = own;
    return isIdentityPath({ device, module: segment }, module, mayEncode) ? { hears: ['inputs'] } : undefined;
  }
  const hears = Object.hasOwn(filters, filter) ? filters[filter] : undefined;
  return hears === undefined || hears.includes('credentials') ? undefined : { hears };
}

/** The filter of the SDKs for answers to certificate requests. */
export const pluralCredentialFilter = '$iothub/credentials/res/#';

/** The filter of the documentation for answers to certificate requests. */
export const singularCredentialFilter = '$iothub/credential/res/#';

/** The kinds of messages by filter. The first four filters are documented; published clients use the others. */
const filters: Readonly<Record<string, readonly Heard[]>> = {
  '$iothub/methods/POST/#': ['methods'],
  '$iothub/twin/PATCH/properties/desired/#': ['desired'],
  '$iothub/twin/res/#': ['answers'],
  [pluralCredentialFilter]: ['credentials'],
  // The documentation names this filter, and no SDK uses it. A fidelity switch decides whether hubs grant it.
  [singularCredentialFilter]: ['credentials'],
  // The client of IoT Central for Python and MicroPython (iotc) uses this filter.
  '$iothub/methods/#': ['methods'],
  // nanoFramework.Azure.Devices.Client.
  '$iothub/twin/#': ['desired', 'answers'],
};
