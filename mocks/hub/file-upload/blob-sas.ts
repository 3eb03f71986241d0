import { failed, succeeded, type Result } from '../../../core/result.ts';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isoInstant, parseInstant, type Millis } from '../../../core/time/clock.ts';

/** The blob or container that a service SAS of Blob storage covers, and the permissions that it grants. */
export interface BlobGrant {
  /** `b` for one blob, `c` for the whole container. */
  readonly resource: 'b' | 'c';
  /** Letters of the permissions, in the order `racwdl`. */
  readonly permissions: string;
  readonly expiresAt: Millis;
}

/** The storage account that signs a SAS: its name and one of its keys. */
export interface StorageAccount {
  readonly name: string;
  readonly key: Buffer;
}

/**
 * Returns the query string of a service SAS of version 2018-03-28, as IoT hubs issue them, with its question mark.
 *
 * @param place `container/blob`, not percent-encoded; only `container` if `grant.resource` is `c`.
 */
export function writeBlobSas(account: StorageAccount, place: string, grant: BlobGrant): string {
  const se = isoInstant(grant.expiresAt).replace(/\.\d+Z$/, 'Z');
  const fields = new Map([
    ['sv', sasVersion],
    ['sr', grant.resource],
    ['se', se],
    ['sp', grant.permissions],
  ]);
  const sig = signature(account, place, fields).toString('base64');
  return `?sv=${sasVersion}&sr=${grant.resource}&sig=${encodeURIComponent(sig)}&se=${encodeURIComponent(se)}&sp=${grant.permissions}`;
}

/**
 * Returns the permissions that the SAS in `query` grants for a blob; fails if the SAS is not valid.
 *
 * @param path segments of the path, starting with the container; not percent-encoded.
 */
export function readBlobSas(
  account: StorageAccount,
  path: readonly string[],
  query: URLSearchParams,
): Result<BlobGrant> {
  const sig = query.get('sig');
  if (sig === null) return invalid('The request has no shared access signature: the parameter sig is missing.');
  if (query.get('sv') !== sasVersion) {
    return invalid(`sv=${query.get('sv') ?? 'none'} is not supported; expected ${sasVersion}.`);
  }
  const resource = query.get('sr');
  if (resource !== 'b' && resource !== 'c') return invalid(`sr=${resource ?? 'none'} is not valid; expected b or c.`);
  const place = resource === 'b' ? path.join('/') : (path[0] ?? '');
  const given = Buffer.from(sig, 'base64');
  const expected = signature(account, place, query);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return invalid(`sig is not the signature by the account key over: ${stringToSign(account, place, query)}`);
  }
  const expiresAt = parseInstant(query.get('se') ?? '');
  if (expiresAt === undefined) return invalid(`se=${query.get('se') ?? 'none'} is not a date and time.`);
  return succeeded({ resource, permissions: query.get('sp') ?? '', expiresAt });
}

function invalid(sentence: string): Result<never> {
  return failed('sas-invalid', sentence);
}

const sasVersion = '2018-03-28';

interface Fields {
  get(name: string): string | null | undefined;
}

function signature(account: StorageAccount, place: string, fields: Fields): Buffer {
  return createHmac('sha256', account.key)
    .update(stringToSign(account, place, fields))
    .digest();
}

/** Returns the string to sign, as "Create a service SAS" documents it for versions 2015-04-05 to 2018-03-28. */
function stringToSign({ name }: StorageAccount, place: string, fields: Fields): string {
  const field = (key: string): string => fields.get(key) ?? '';
  const first = [field('sp'), field('st'), field('se'), `/blob/${name}/${place}`];
  const others = ['si', 'sip', 'spr', 'sv', 'rscc', 'rscd', 'rsce', 'rscl', 'rsct'].map(field);
  return [...first, ...others].join('\n');
}
