import { createHmac, timingSafeEqual } from 'node:crypto';
import { defined } from '../defined.ts';

/**
 * The fields of a shared access signature. `sr` keeps the encoding that the client used, because the signature covers that
 * text.
 */
export interface SasToken {
  readonly sr: string;
  /** Base64. */
  readonly sig: string;
  /** Expiry time in seconds since 1970. */
  readonly se: number;
  readonly skn?: string;
}

/** Time in milliseconds for which the services still accept a token after its expiry `se`, because clocks differ. */
export const sasToleranceMs = 5 * 60 * 1000;

/** Returns the string to sign: `sr` unchanged, a line feed, the expiry in seconds. */
export function sasStringToSign(sr: string, se: number): string {
  return `${sr}\n${se}`;
}

/** Returns the HMAC-SHA256 of the string to sign, in base64. `key` is the raw key, not its base64 text. */
export function signSas(key: Uint8Array, sr: string, se: number): string {
  return createHmac('sha256', key).update(sasStringToSign(sr, se)).digest('base64');
}

/** Formats a token as text. Writes `sr` unchanged. */
export function formatSas(token: SasToken): string {
  const skn = token.skn === undefined ? '' : `&skn=${token.skn}`;
  return `SharedAccessSignature sr=${token.sr}&sig=${encodeURIComponent(token.sig)}&se=${token.se}${skn}`;
}

/**
 * Parses a token. Its fields may be in any order. Returns undefined if sr, sig or se is missing, or if `se` is not a number. An
 * empty `skn` counts as absent, because the C SDK ends its tokens with `&skn=` over HTTPS (`httpapiexsas.c`).
 */
export function parseSas(text: string): SasToken | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const token = readSas(text);
  if (token === undefined) return undefined;
  parsed.set(text, token);
  if (parsed.size > parsedLimit) parsed.delete(parsed.keys().next().value as string);
  return token;
}

/** A cache of the last parsed tokens, because a service reads the token of one connection several times. */
const parsed = new Map<string, SasToken>();
/** Maximum number of stored tokens. It bounds the memory, because a token has at most 8192 characters. */
const parsedLimit = 256;

function readSas(text: string): SasToken | undefined {
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
  return Object.freeze({ sr, sig, se: Number(se), ...defined({ skn: skn === '' ? undefined : skn }) });
}

/** Returns true if `token` is signed with `key`. Compares in constant time. */
export function isSignedWith(token: SasToken, key: Uint8Array): boolean {
  const byKey = signedWith.get(token) ?? new WeakMap<Uint8Array, boolean>();
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const isSigned = hasSignatureOf(token, key);
  signedWith.set(token, byKey.set(key, isSigned));
  return isSigned;
}

/**
 * Results by token and key. The cache helps because a service checks the same token several times. Tokens and keys
 * never change.
 */
const signedWith = new WeakMap<SasToken, WeakMap<Uint8Array, boolean>>();

function hasSignatureOf(token: SasToken, key: Uint8Array): boolean {
  const right = Buffer.from(signSas(key, token.sr, token.se), 'base64');
  const given = Buffer.from(token.sig, 'base64');
  return right.length === given.length && timingSafeEqual(right, given);
}

/**
 * Returns true if `sr` names `resource`. `sr` may be unencoded, in lower case, or percent-encoded with upper-case or
 * lower-case digits. The C# SDK and IoT Edge encode a device ID with special characters twice (iotedge#759), so the
 * function decodes each segment again.
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

/** Returns the key of a device in a symmetric-key group: HMAC-SHA256 of the registration ID (UTF-8) with the group key. */
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
