import type { Interest } from '../../../hub/device-link.ts';
import { isDeviceSegment } from '../../../../core/wire/device-segment.ts';

/** What a device hears over MQTT: what the hub has for it, and answers to its own twin requests. */
export type Heard = Interest | 'answers';

/** A subscription that a hub grants. */
export interface HubFilter {
  readonly hears: readonly Heard[];
  /** How the filter writes the device ID: encoded or not, or `+` for any. Undefined for filters without one. */
  readonly deviceSegment?: string;
}

/**
 * Reads a topic filter of `deviceId`. Returns undefined if the hub grants no such subscription: it is no broker and knows
 * only the filters that its documentation and the SDKs use.
 *
 * @param mayEncode whether the device ID may be percent-encoded.
 */
export function readHubFilter(filter: string, deviceId: string, mayEncode: boolean): HubFilter | undefined {
  const segment = /^devices\/([^/]+)\/messages\/devicebound\/#$/.exec(filter)?.[1];
  if (segment !== undefined) {
    // Embedded C, the FreeRTOS middleware and what is built on them name any device, and get their own messages.
    const isOwn = segment === '+' || isDeviceSegment(segment, deviceId, mayEncode);
    return isOwn ? { hears: ['messages'], deviceSegment: segment } : undefined;
  }
  const hears = Object.hasOwn(filters, filter) ? filters[filter] : undefined;
  return hears === undefined ? undefined : { hears };
}

/** By filter. Sources: the documentation, and below it what published clients subscribe to instead. */
const filters: Readonly<Record<string, readonly Heard[]>> = {
  '$iothub/methods/POST/#': ['methods'],
  '$iothub/twin/PATCH/properties/desired/#': ['desired'],
  '$iothub/twin/res/#': ['answers'],
  // IoT Central's client for Python and MicroPython (iotc).
  '$iothub/methods/#': ['methods'],
  // nanoFramework.Azure.Devices.Client.
  '$iothub/twin/#': ['desired', 'answers'],
};
