import { isHostName } from './host-name.ts';

/** An e-mail address. `local` has no quotes or backslashes; `host` is in lower case. */
export interface Mailbox {
  readonly local: string;
  readonly host: string;
}

/**
 * Reads an e-mail address (RFC 5321 4.1.2): words between dots or a quoted text, then one `@` and a host. Returns undefined for
 * any other text, because parsers disagree on where the host begins in such texts.
 */
export function readMailbox(text: string): Mailbox | undefined {
  const [, words, quoted, host] = /^(?:([^"@\s\\]+)|"((?:[^"\\]|\\.)*)")@([^@]*)$/.exec(text) ?? [];
  if (host === undefined || !isHostName(host)) return undefined;
  if (words !== undefined && words.split('.').some((word) => !/^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/i.test(word)))
    return undefined;
  return { local: words ?? (quoted ?? '').replace(/\\(.)/g, '$1'), host: host.toLowerCase() };
}
