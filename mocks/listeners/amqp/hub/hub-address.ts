import { decodeSegment } from '../../../../core/wire/device-segment.ts';

/** The parsed address of a link at a hub. */
export type HubAddress = {
  /** Host in lower case; undefined if the address is only a path. */
  readonly host: string | undefined;
} & HubEnd;

type HubEnd =
  | { readonly kind: 'cbs' }
  /** IDs of a device, or of a module, as the client sent them; `Hub.nameOf` decodes them. */
  | {
      readonly kind: 'device';
      readonly deviceId: string;
      readonly moduleId: string | undefined;
      readonly end: DeviceEnd;
    }
  | { readonly kind: 'service'; readonly end: ServiceEnd }
  /**
   * The built-in endpoint, from which the service side reads telemetry. `rest` is the part of the address after
   * `messages/events`.
   */
  | { readonly kind: 'events'; readonly rest: string };

/** The endpoints that a device or module uses. Only IoT Edge sends to the inputs of a module. */
export type DeviceEnd = 'events' | 'messages' | 'twin' | 'methods' | 'inputs';
/** The endpoints that the service side uses. */
export type ServiceEnd = 'messages' | 'feedback' | 'files';

/**
 * Parses `$cbs`, `/devices/{id}/messages/events`, `/messages/devicebound` and similar addresses, with or without
 * `amqps://{host}` before them. Returns undefined for any other address.
 */
export function parseHubAddress(text: unknown): HubAddress | undefined {
  if (typeof text !== 'string') return undefined;
  const [, host, path = ''] = /^(?:amqps:\/\/([^/:]+)(?::\d+)?)?\/?(.*)$/is.exec(text) ?? [];
  const end = readPath(path.split('/'));
  return end === undefined ? undefined : { host: host?.toLowerCase(), ...end };
}

/**
 * Returns the device ID in the field `to` of a message of the service side, as the client sent it. Returns undefined if `to`
 * does not name a device.
 */
export function parseDevicebound(to: unknown): string | undefined {
  const address = parseHubAddress(to);
  const isDevice = address?.kind === 'device' && address.moduleId === undefined && address.end === 'messages';
  return isDevice ? address.deviceId : undefined;
}

/** A SASL user name: `{deviceId}@sas.{hub}` or, on the service side, `{policy}@sas.root.{hub}`. */
export interface HubUser {
  /** The first label of the host name, or the whole host name. */
  readonly hub: string;
  /** The device ID; undefined if a client of the service side logs in. */
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
  /** The device ID as the client sent it; `Hub.nameOf` decodes it. */
  readonly deviceId: string | undefined;
  readonly moduleId: string | undefined;
}

export function parseAudience(name: unknown): Audience | undefined {
  if (typeof name !== 'string') return undefined;
  // Decodes the text twice if necessary: clients may encode the whole audience, and also the device ID in it.
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
  if (path.length === 1 && first === '$cbs') return { kind: 'cbs' };
  if (first.toLowerCase() === 'devices' && id !== '') {
    const isModule = rest[0]?.toLowerCase() === 'modules';
    const [moduleId, place] = isModule ? [rest[1] ?? '', rest.slice(2)] : [undefined, rest];
    const end = (isModule ? moduleEnds : deviceEnds).get(place.join('/').toLowerCase());
    return end === undefined ? undefined : { kind: 'device', deviceId: id, moduleId, end };
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

/** The Node SDK receives the inputs of a module from `messages/events` and sends telemetry to the same address. */
const moduleEnds: ReadonlyMap<string, DeviceEnd> = new Map([
  ['messages/events', 'events'],
  ['inputs', 'inputs'],
  ['messages/devicebound', 'inputs'],
  ['twin', 'twin'],
  ['methods/devicebound', 'methods'],
]);

const serviceEnds: ReadonlyMap<string, ServiceEnd> = new Map([
  ['messages/devicebound', 'messages'],
  ['messages/servicebound/feedback', 'feedback'],
  ['messages/servicebound/filenotifications', 'files'],
  // The documentation has this name; the SDKs use the name in the next line.
  ['messages/servicebound/fileuploadnotifications', 'files'],
]);
