import { createHmac, timingSafeEqual } from 'node:crypto';

/** A shared access signature, taken apart. `sr` is kept as it was written: the signature is over that text. */
export interface SasToken {
  readonly sr: string;
  /** Base64. */
  readonly sig: string;
  /** Seconds since 1970. */
  readonly se: number;
  readonly skn?: string;
}

/** Clock skew that the services forgive after `se`, in milliseconds. */
export const sasToleranceMs = 5 * 60 * 1000;

/** What is signed: the resource as written, a line feed, the expiry in seconds. */
export function sasStringToSign(sr: string, se: number): string {
  return `${sr}\n${se}`;
}

/** HMAC-SHA256 in base64 over the string to sign. `key` is the raw key, not base64. */
export function signSas(key: Uint8Array, sr: string, se: number): string {
  return createHmac('sha256', key).update(sasStringToSign(sr, se)).digest('base64');
}

/** The text of a token, `sr` written as given. */
export function formatSas(token: SasToken): string {
  const skn = token.skn === undefined ? '' : `&skn=${token.skn}`;
  return `SharedAccessSignature sr=${token.sr}&sig=${encodeURIComponent(token.sig)}&se=${token.se}${skn}`;
}

/**
 * Reads a token, fields in any order; undefined where one of sr, sig, se is missing or `se` is no number. An empty `skn` is
 * no key name: the C SDK ends its tokens with `&skn=` over HTTPS (`httpapiexsas.c`).
 */
export function parseSas(text: string): SasToken | undefined {
  const prefix = 'SharedAccessSignature ';
  if (!text.startsWith(prefix) || text.length > 8192) return undefined;
  const fields = new Map<string, string>();
  for (const field of text.slice(prefix.length).split('&')) {
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals).trim(), field.slice(equals + 1));
  }
  const sr = fields.get('sr');
  const sig = decoded(fields.get('sig'));
  const se = fields.get('se');
  if (sr === undefined || sig === undefined || se === undefined || !/^\d{1,15}$/.test(se)) return undefined;
  const skn = decoded(fields.get('skn'));
  return { sr, sig, se: Number(se), ...(skn === undefined || skn === '' ? {} : { skn }) };
}

/** Whether `token` is signed with `key`; compares in constant time. */
export function isSignedWith(token: SasToken, key: Uint8Array): boolean {
  const right = Buffer.from(signSas(key, token.sr, token.se), 'base64');
  const given = Buffer.from(token.sig, 'base64');
  return right.length === given.length && timingSafeEqual(right, given);
}

/**
 * Whether `sr` names `resource`: raw, percent-encoded in either case, or lower-cased as a whole. A device ID with special
 * characters is encoded by itself before the whole is (C# SDK, IoT Edge: iotedge#759), so that it may take two steps.
 */
export function isAudience(sr: string, resource: string): boolean {
  const once = decoded(sr);
  if ([sr, once].some((each) => each?.toLowerCase() === resource.toLowerCase())) return true;
  const [segments = [], named] = [once?.split('/'), resource.split('/')];
  return (
    segments.length === named.length &&
    segments.every((segment, at) => decoded(segment)?.toLowerCase() === named[at]?.toLowerCase())
  );
}

/** The key of one device of a symmetric-key group: HMAC-SHA256 of the registration ID's bytes with the group key. */
export function deriveDeviceKey(groupKey: Uint8Array, registrationId: string): Buffer {
  return createHmac('sha256', groupKey).update(registrationId, 'utf8').digest();
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
