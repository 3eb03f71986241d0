import { decodeSegment } from '../../../../core/wire/device-segment.ts';

/** What a link to a hub is about, and the host where the address names one. */
export type HubAddress = {
  /** In lower case; undefined where the address is a path alone. */
  readonly host: string | undefined;
} & HubEnd;

type HubEnd =
  | { readonly kind: 'cbs' }
  /** The device ID is as it is written: `Hub.nameOf` reads it. */
  | { readonly kind: 'device'; readonly deviceId: string; readonly end: DeviceEnd }
  /** There are no modules here; named so that they can be refused. */
  | { readonly kind: 'module'; readonly deviceId: string; readonly moduleId: string }
  | { readonly kind: 'service'; readonly end: ServiceEnd }
  /** The built-in endpoint: what devices sent, read by the service side. `rest`: what stands behind `messages/events`. */
  | { readonly kind: 'events'; readonly rest: string };

/** The places of one device. */
export type DeviceEnd = 'events' | 'messages' | 'twin' | 'methods';
/** The places of the service side. */
export type ServiceEnd = 'messages' | 'feedback' | 'files';

/**
 * Reads `$cbs`, `/devices/{id}/messages/events` and its like, `/messages/devicebound` and its like, also behind
 * `amqps://{host}`. undefined where it is none of them, or of a device but no place that there is.
 */
export function parseHubAddress(text: unknown): HubAddress | undefined {
  if (typeof text !== 'string') return undefined;
  const [, host, path = ''] = /^(?:amqps:\/\/([^/:]+)(?::\d+)?)?\/?(.*)$/is.exec(text) ?? [];
  const end = readPath(path.split('/'));
  return end === undefined ? undefined : { host: host?.toLowerCase(), ...end };
}

/** The device that a message of the service side is for, as it is written; undefined where its `to` names none. */
export function parseDevicebound(to: unknown): string | undefined {
  const address = parseHubAddress(to);
  return address?.kind === 'device' && address.end === 'messages' ? address.deviceId : undefined;
}

/** Whom a SASL user name means: `{deviceId}@sas.{hub}` or, of the service side, `{policy}@sas.root.{hub}`. */
export interface HubUser {
  /** The first label of the host, or the whole. */
  readonly hub: string;
  /** undefined for the service side. */
  readonly deviceId: string | undefined;
}

export function parseHubUser(user: string): HubUser | undefined {
  const [, name, root, hub] = /^(.+)@sas\.(root\.)?([^@/]+)$/is.exec(user) ?? [];
  if (name === undefined || hub === undefined) return undefined;
  return { hub: hub.toLowerCase(), deviceId: root === undefined ? name : undefined };
}

/** What a token is put for: `{host}/devices/{id}`, or a host, or a place of its service side. */
export interface Audience {
  readonly host: string;
  /** As it is written: `Hub.nameOf` reads it. */
  readonly deviceId: string | undefined;
  readonly moduleId: string | undefined;
}

export function parseAudience(name: unknown): Audience | undefined {
  if (typeof name !== 'string') return undefined;
  // Encoded as a whole, or not at all. A device ID may be encoded by itself, so that two steps lead to it.
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
  // The name that the documentation gives it; the SDKs use the other one.
  ['messages/servicebound/fileuploadnotifications', 'files'],
]);
