import type { Interest } from '../../../hub/device-link.ts';
import { isDeviceSegment } from '../../../../core/wire/device-segment.ts';

/** A kind of message that a device receives over MQTT: a notification of the hub, or the answer to a twin request. */
export type Heard = Interest | 'answers';

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
 * Reads a topic filter of `deviceId`. Returns undefined if the hub does not grant the filter: a hub is not a broker, so it
 * grants only the filters that its documentation or the SDKs use.
 *
 * @param mayEncode true if the device ID may be percent-encoded.
 */
export function readHubFilter(filter: string, deviceId: string, mayEncode: boolean): HubFilter | undefined {
  const segment = /^devices\/([^/]+)\/messages\/devicebound\/#$/.exec(filter)?.[1];
  if (segment !== undefined) {
    // Embedded C, the FreeRTOS middleware and clients based on them subscribe with `+` instead of the device ID. They still get
    // only their own messages.
    const isOwn = segment === '+' || isDeviceSegment(segment, deviceId, mayEncode);
    return isOwn ? { hears: ['messages'], deviceSegment: segment } : undefined;
  }
  const hears = Object.hasOwn(filters, filter) ? filters[filter] : undefined;
  return hears === undefined ? undefined : { hears };
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
