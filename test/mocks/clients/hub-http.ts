import type { HubAccess } from '../../../core/cloud/cloud.ts';
import { hubToken, serviceToken } from './credentials.ts';
import { hubs, type OpenCloud } from './open-cloud.ts';
import { ask, type RawAnswer, type RawRequest } from './raw-https.ts';

const [hub] = hubs;
const version = 'api-version=2021-04-12';

/** Sends a request to the hub without adding credentials. Adds the api-version to the path. */
export function askHub(
  open: OpenCloud,
  { path, headers, ...rest }: RawRequest,
  host: string = hub,
): Promise<RawAnswer> {
  const versioned = path.includes('api-version') ? path : `${path}${path.includes('?') ? '&' : '?'}${version}`;
  return ask(open.cloud, { path: versioned, headers: { Host: host, ...headers }, ...rest });
}

/** Sends a request to the hub with the key of its owner policy. */
export function askAsOwner(open: OpenCloud, method: string, path: string, given: Asked = {}): Promise<RawAnswer> {
  return askHub(open, {
    method,
    path,
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    headers: { Authorization: serviceToken(ownerOf(open), hub), ...given.headers },
  });
}

/** Sends a request to the hub with the key of a device. */
export function askAsDevice(
  open: OpenCloud,
  { id, key }: { readonly id: string; readonly key: Buffer },
  request: RawRequest,
): Promise<RawAnswer> {
  return askHub(open, { ...request, headers: { Authorization: hubToken(key, hub, id), ...request.headers } });
}

export function ownerOf(open: OpenCloud): HubAccess {
  const access = open.cloud.hubAccess.get(hub);
  if (access === undefined) throw new Error(`${hub} has no owner`);
  return access;
}

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Creates a device at the hub and returns its primary key. */
export async function createDevice(open: OpenCloud, id: string): Promise<Buffer> {
  const { status, body } = await askAsOwner(open, 'PUT', `/devices/${encodeURIComponent(id)}`, {
    body: { deviceId: id },
  });
  if (status !== 200 || body === undefined) throw new Error(`${id} was not created: ${status}`);
  const { symmetricKey } = body['authentication'] as { symmetricKey: { primaryKey: string } };
  return Buffer.from(symmetricKey.primaryKey, 'base64');
}
