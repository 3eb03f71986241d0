import type { Interest } from '../../../hub/device-link.ts';
import { isDeviceSegment } from '../../../../core/wire/device-segment.ts';

/** A kind of message to a device over MQTT: a notification of the hub, or the answer to a twin request of the device. */
export type Heard = Interest | 'answers';

/** A subscription that a hub grants. */
export interface HubFilter {
  readonly hears: readonly Heard[];
  /** The device ID as the filter writes it: encoded or not, or `+` for any. Undefined for filters without one. */
  readonly deviceSegment?: string;
}

/**
 * Reads a topic filter of `deviceId`. Undefined if the hub does not grant it: a hub is not a broker, and knows only the filters of its
 * documentation and of the SDKs.
 *
 * @param mayEncode whether the device ID may be percent-encoded.
 */
export function readHubFilter(filter: string, deviceId: string, mayEncode: boolean): HubFilter | undefined {
  const segment = /^devices\/([^/]+)\/messages\/devicebound\/#$/.exec(filter)?.[1];
  if (segment !== undefined) {
    // Embedded C, the FreeRTOS middleware and clients based on them use `+` for the device ID, and get only their own messages.
    const isOwn = segment === '+' || isDeviceSegment(segment, deviceId, mayEncode);
    return isOwn ? { hears: ['messages'], deviceSegment: segment } : undefined;
  }
  const hears = Object.hasOwn(filters, filter) ? filters[filter] : undefined;
  return hears === undefined ? undefined : { hears };
}

/** By filter. The first three are documented; published clients use the others. */
const filters: Readonly<Record<string, readonly Heard[]>> = {
  '$iothub/methods/POST/#': ['methods'],
  '$iothub/twin/PATCH/properties/desired/#': ['desired'],
  '$iothub/twin/res/#': ['answers'],
  // IoT Central's client for Python and MicroPython (iotc).
  '$iothub/methods/#': ['methods'],
  // nanoFramework.Azure.Devices.Client.
  '$iothub/twin/#': ['desired', 'answers'],
};
