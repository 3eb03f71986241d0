import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whether a Host header names this computer: a name that leads to 127.0.0.1 by a trick does not. */
export function isOurHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
}

/** Whether an Authorization header shows the token; takes as long for every wrong one. */
export function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const right = Buffer.from(`Bearer ${token}`);
  return given.length === right.length && timingSafeEqual(given, right);
}

/**
 * The body as text; undefined where it is larger than `limit` octets. Somewhat more is read and dropped, so that whoever sends it
 * hears why it is not taken.
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
