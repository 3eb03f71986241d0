import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Returns true if a Host header names this computer. Any other name that resolves to 127.0.0.1 is refused (DNS rebinding). */
export function isOurHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
}

/**
 * Returns true if a request comes from a page of this server, or from a program. Also returns true for `Sec-Fetch-Site: none`, which
 * browsers send if the user typed the address.
 */
export function isOwnPage({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  const isOwnOrigin = origin === undefined || origin === `http://${host ?? ''}`;
  return isOwnOrigin && (site === undefined || site === 'same-origin' || site === 'none');
}

/** Returns true if an Authorization header has the token; compares in constant time. */
export function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const right = Buffer.from(`Bearer ${token}`);
  return given.length === right.length && timingSafeEqual(given, right);
}

/**
 * Returns the body as text; undefined if it is larger than `limit` octets. Of a larger body, this function reads and drops up to eight
 * times `limit`, so that the client receives the refusal.
 */
export async function readBody(incoming: IncomingMessage, limit: number): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming) {
    length += (part as Buffer).length;
    if (length <= limit) parts.push(part as Buffer);
    else if (length > limit * 8) break;
  }
  return length > limit ? undefined : Buffer.concat(parts).toString('utf8');
}
