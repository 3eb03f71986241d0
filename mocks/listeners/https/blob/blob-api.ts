import type { Result } from '../../../../core/result.ts';
import { httpInstant } from '../../../../core/time/clock.ts';
import { readBlobSas } from '../../../hub/file-upload/blob-sas.ts';
import type { Blob, BlobDescription, BlobRefusal, Upload } from '../../../hub/file-upload/blob-store.ts';
import type { Hub } from '../../../hub/hub.ts';
import type { HttpAnswer, HttpApi, HttpRequest } from '../http-api.ts';
import { blobError } from './blob-error.ts';
import { listXml, readBlockList } from './blob-xml.ts';

type Reply = Pick<HttpAnswer, 'status' | 'headers' | 'raw'>;

/** One request to the storage account of a hub. */
interface BlobCall {
  readonly hub: Hub;
  readonly request: HttpRequest;
  readonly name: string;
}

/**
 * Blob storage for file upload. It serves the requests of the Blob service REST API that clients with a service SAS
 * send: Put Blob, Put Block, Put Block List, Get Blob, Get Blob Properties, List Blobs. The container at the start of
 * the path selects the hub.
 */
export function blobApi(hubs: ReadonlyMap<string, Hub>): HttpApi {
  return {
    streams: true,
    claims: ({ path }) => hubOf(hubs, path) !== undefined,
    answer: async (request) => {
      const hub = hubOf(hubs, request.path);
      if (hub === undefined) throw new Error('the API received a request for a path that it does not serve');
      const name = request.path.slice(1).join('/');
      const { headers, ...reply } = await answer({ hub, request, name });
      return {
        ...reply,
        headers: {
          'x-ms-request-id': hub.random.uuid(),
          'x-ms-version': request.headers['x-ms-version'] ?? '2018-03-28',
          ...headers,
        },
        caller: request.path[1] ?? 'service',
        service: `storage of ${hub.host}`,
      };
    },
  };
}

function hubOf(hubs: ReadonlyMap<string, Hub>, [container]: readonly string[]): Hub | undefined {
  return [...hubs.values()].find(({ files }) => files.containerName === container);
}

async function answer(call: BlobCall): Promise<Reply> {
  const { hub, request, name } = call;
  const { method, query } = request;
  const sas = readBlobSas(hub.files.account, request.path, query);
  if (!sas.ok) return blobError('AuthenticationFailed', sas.failure.sentence);
  const grant = sas.value;
  if (grant.expiresAt < hub.now()) {
    return blobError(
      'AuthenticationFailed',
      `Signature not valid in the specified time frame: it ended ${query.get('se') ?? ''}.`,
    );
  }
  const may = (...letters: readonly string[]): boolean => letters.some((letter) => grant.permissions.includes(letter));
  if (method === 'PUT' && name !== '') {
    return may('c', 'w') ? write(call) : blobError('AuthorizationPermissionMismatch');
  }
  if (method !== 'GET' && method !== 'HEAD') return blobError('UnsupportedHttpVerb');
  if (name !== '') return may('r') ? read(call) : blobError('AuthorizationPermissionMismatch');
  if (query.get('comp') !== 'list') return blobError('InvalidQueryParameterValue');
  if (!may('l')) return blobError('AuthorizationPermissionMismatch');
  const found = hub.files.blobs.all().filter((blob) => blob.name.startsWith(query.get('prefix') ?? ''));
  const xml = listXml(hub.files.containerName, found);
  return { status: 200, headers: { 'Content-Type': 'application/xml' }, raw: Buffer.from(xml) };
}

async function write({ hub, request, name }: BlobCall): Promise<Reply> {
  const { headers, query } = request;
  const { blobs } = hub.files;
  const length = Number(headers['content-length']);
  if (headers['content-length'] === undefined || !Number.isSafeInteger(length)) {
    return blobError('MissingContentLengthHeader');
  }
  const upload: Upload = { length, chunks: request.stream ?? noBytes(), md5: headers['content-md5'] };
  switch (query.get('comp')) {
    case null: {
      // The mock supports only block blobs. Clients that have a SAS of a hub upload no other type.
      if (headers['x-ms-blob-type']?.toLowerCase() !== 'blockblob') return blobError('InvalidHeaderValue');
      return created(await blobs.put(name, upload, describe(request)));
    }
    case 'block': {
      // The query parser turns a plus sign that is not percent-encoded into a space.
      const id = (query.get('blockid') ?? '').replaceAll(' ', '+');
      if (id === '' || id.length > 88) return blobError('InvalidQueryParameterValue');
      const block = await blobs.putBlock(name, id, upload);
      if (!block.ok) return blobError(block.failure.code);
      return { status: 201, headers: { 'Content-MD5': block.value.md5, ...encrypted } };
    }
    case 'blocklist': {
      if (length > longestList) return blobError('RequestBodyTooLarge');
      const list = readBlockList(await textOf(upload));
      if (list === undefined) return blobError('InvalidXmlDocument');
      return created(await blobs.commit(name, list, describe(request)));
    }
    default:
      return blobError('InvalidQueryParameterValue');
  }
}

async function read({ hub, request, name }: BlobCall): Promise<Reply> {
  const { blobs } = hub.files;
  const blob = blobs.find(name);
  if (blob === undefined) return blobError('BlobNotFound');
  const range = rangeOf(request.headers['x-ms-range'] ?? request.headers['range'], blob.size);
  if (range === undefined) return blobError('InvalidRange');
  const { start, end, isWhole } = range;
  const described = {
    'Content-Type': blob.contentType ?? 'application/octet-stream',
    ...(blob.contentEncoding === undefined ? {} : { 'Content-Encoding': blob.contentEncoding }),
    ...Object.fromEntries(Object.entries(blob.metadata ?? {}).map(([key, value]) => [`x-ms-meta-${key}`, value])),
    ...tags(blob),
    ...(blob.md5 === undefined || !isWhole ? {} : { 'Content-MD5': blob.md5 }),
    'x-ms-blob-type': 'BlockBlob',
    'Accept-Ranges': 'bytes',
    'Content-Length': String(end - start),
    ...(isWhole ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${blob.size}` }),
  };
  const status = isWhole ? 200 : 206;
  if (request.method === 'HEAD') return { status, headers: described };
  return { status, headers: described, raw: await blobs.read(name, start, end) };
}

/**
 * Reads a range header, `bytes=from-to`, both inclusive. If the header is missing or has another form, returns the whole blob
 * (RFC 9110 14.2).
 */
function rangeOf(text: string | undefined, size: number) {
  const whole = { start: 0, end: size, isWhole: true };
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(text ?? '') ?? [];
  if (first === undefined) return whole;
  const start = Number(first);
  if (start >= size) return undefined;
  const end = last === undefined || last === '' ? size : Math.min(Number(last) + 1, size);
  return end <= start ? undefined : { start, end, isWhole: false };
}

function created(outcome: Result<Blob, BlobRefusal>): Reply {
  if (!outcome.ok) return blobError(outcome.failure.code);
  const blob = outcome.value;
  const md5 = blob.md5 === undefined ? {} : { 'Content-MD5': blob.md5 };
  return { status: 201, headers: { ...tags(blob), ...md5, ...encrypted } };
}

function tags({ etag, lastModified }: Blob): Readonly<Record<string, string>> {
  return { ETag: etag, 'Last-Modified': httpInstant(lastModified) };
}

const encrypted = { 'x-ms-request-server-encrypted': 'true' } as const;

function describe({ headers }: HttpRequest): BlobDescription {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('x-ms-meta-') && value !== undefined ? [[name.slice('x-ms-meta-'.length), value] as const] : [],
  );
  const isList = headers['x-ms-blob-type'] === undefined;
  return {
    contentType: headers['x-ms-blob-content-type'] ?? (isList ? undefined : headers['content-type']),
    contentEncoding: headers['x-ms-blob-content-encoding'],
    metadata: Object.fromEntries(metadata),
  };
}

async function textOf({ chunks }: Upload): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

async function* noBytes(): AsyncGenerator<Buffer> {}

/**
 * Maximum number of bytes of a block list. The limit is enough for 50,000 blocks, each with an ID of 88 characters and
 * its XML tag.
 */
const longestList = 8 * 1024 * 1024;
