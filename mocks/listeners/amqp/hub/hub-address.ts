import { decodeSegment } from '../../../../core/wire/device-segment.ts';

/** The address of a link at a hub, with the host if the address names one. */
export type HubAddress = {
  /** In lower case; undefined if the address is a path alone. */
  readonly host: string | undefined;
} & HubEnd;

type HubEnd =
  | { readonly kind: 'cbs' }
  /** The device ID as written; `Hub.nameOf` reads it. */
  | { readonly kind: 'device'; readonly deviceId: string; readonly end: DeviceEnd }
  /** Modules are not supported. Their addresses are parsed so that the hub can refuse them. */
  | { readonly kind: 'module'; readonly deviceId: string; readonly moduleId: string }
  | { readonly kind: 'service'; readonly end: ServiceEnd }
  /** The built-in endpoint, from which the service side reads telemetry. `rest` is the address after `messages/events`. */
  | { readonly kind: 'events'; readonly rest: string };

/** The endpoints of a device. */
export type DeviceEnd = 'events' | 'messages' | 'twin' | 'methods';
/** The endpoints of the service side. */
export type ServiceEnd = 'messages' | 'feedback' | 'files';

/**
 * Reads `$cbs`, `/devices/{id}/messages/events`, `/messages/devicebound` and similar addresses, also after `amqps://{host}`. Undefined for
 * any other address.
 */
export function parseHubAddress(text: unknown): HubAddress | undefined {
  if (typeof text !== 'string') return undefined;
  const [, host, path = ''] = /^(?:amqps:\/\/([^/:]+)(?::\d+)?)?\/?(.*)$/is.exec(text) ?? [];
  const end = readPath(path.split('/'));
  return end === undefined ? undefined : { host: host?.toLowerCase(), ...end };
}

/** Returns the device ID, as written, from the `to` of a message of the service side. Undefined if `to` names no device. */
export function parseDevicebound(to: unknown): string | undefined {
  const address = parseHubAddress(to);
  return address?.kind === 'device' && address.end === 'messages' ? address.deviceId : undefined;
}

/** A SASL user name: `{deviceId}@sas.{hub}` or, on the service side, `{policy}@sas.root.{hub}`. */
export interface HubUser {
  /** The first label of the host, or the whole host. */
  readonly hub: string;
  /** Undefined for the service side. */
  readonly deviceId: string | undefined;
}

export function parseHubUser(user: string): HubUser | undefined {
  const [, name, root, hub] = /^(.+)@sas\.(root\.)?([^@/]+)$/is.exec(user) ?? [];
  if (name === undefined || hub === undefined) return undefined;
  return { hub: hub.toLowerCase(), deviceId: root === undefined ? name : undefined };
}

/** The audience of a token: `{host}/devices/{id}`, a host, or an endpoint of its service side. */
export interface Audience {
  readonly host: string;
  /** The device ID as written; `Hub.nameOf` reads it. */
  readonly deviceId: string | undefined;
  readonly moduleId: string | undefined;
}

export function parseAudience(name: unknown): Audience | undefined {
  if (typeof name !== 'string') return undefined;
  // The audience may be encoded as a whole. A device ID may also be encoded itself, so there are two steps.
  const [host = '', first = '', deviceId, third, moduleId] = (name.includes('/') ? name : decodeSegment(name))
    .replace(/^[a-z]+:\/\//i, '')
    .split('/');
  const isDevice = first.toLowerCase() === 'devices' && deviceId !== undefined && deviceId !== '';
  return {
    host: host.replace(/:\d+$/, '').toLowerCase(),
    deviceId: isDevice ? deviceId : undefined,
    moduleId: isDevice && third?.toLowerCase() === 'modules' ? (moduleId ?? '') : undefined,
  };
}

function readPath(path: readonly string[]): HubEnd | undefined {
  const [first = '', id = '', ...rest] = path;
  const place = rest.join('/').toLowerCase();
  if (path.length === 1 && first === '$cbs') return { kind: 'cbs' };
  if (first.toLowerCase() === 'devices' && id !== '') {
    if (rest[0]?.toLowerCase() === 'modules') {
      return { kind: 'module', deviceId: id, moduleId: decodeSegment(rest[1] ?? '') };
    }
    const end = deviceEnds.get(place);
    return end === undefined ? undefined : { kind: 'device', deviceId: id, end };
  }
  if (first.toLowerCase() === 'messages' && id.toLowerCase() === 'events') {
    return { kind: 'events', rest: rest.join('/') };
  }
  const end = serviceEnds.get(path.join('/').toLowerCase());
  return end === undefined ? undefined : { kind: 'service', end };
}

const deviceEnds: ReadonlyMap<string, DeviceEnd> = new Map([
  ['messages/events', 'events'],
  ['messages/devicebound', 'messages'],
  ['twin', 'twin'],
  ['methods/devicebound', 'methods'],
]);

const serviceEnds: ReadonlyMap<string, ServiceEnd> = new Map([
  ['messages/devicebound', 'messages'],
  ['messages/servicebound/feedback', 'feedback'],
  ['messages/servicebound/filenotifications', 'files'],
  // The documentation uses this name; the SDKs use the other one.
  ['messages/servicebound/fileuploadnotifications', 'files'],
]);
