import { isIP } from 'node:net';
import { failed, succeeded, type Result } from '../../result.ts';
import type { NameSubtree } from '../extensions.ts';
import type { GeneralName } from '../general-name.ts';
import { isHostName } from './host-name.ts';
import { readMailbox } from './mailbox.ts';

/** States which list of the name constraint contains the subtree. */
export type SubtreeRole = 'permitted' | 'excluded';

/**
 * True if the name is inside the subtree. If the verifier cannot compare the name with the subtree, the failure has a
 * sentence that continues "the name …".
 */
type SubtreeMatch = Result<boolean>;

/**
 * Compares a name with a subtree of the same form (RFC 5280 4.2.1.10). A wildcard name is inside an excluded subtree if
 * the subtree contains one of the names that the wildcard matches. The verifier rejects a certificate whose name cannot
 * be compared, for permitted and excluded subtrees alike.
 */
export function matchesSubtree(name: GeneralName, { base, plain }: NameSubtree, role: SubtreeRole): SubtreeMatch {
  if (!plain) return unclear('for which the constraint has a minimum or maximum');
  if (name.form === 'dns' && base.form === 'dns') return matchesDns(name.text, base.text, role);
  if (name.form === 'email' && base.form === 'email') return matchesEmail(name.text, base.text);
  if (name.form === 'uri' && base.form === 'uri') return matchesUri(name.text, base.text);
  if (name.form === 'ip' && base.form === 'ip') return matchesIp(name.octets, base.octets);
  if (name.form === 'directory' && base.form === 'directory') {
    return succeeded(base.name.parts.every((part, index) => part === name.name.parts[index]));
  }
  return unclear('a form of name whose constraints are not supported');
}

/**
 * The base `example.com` covers the name `example.com` and all names below it. The base `.example.com`, which RFC 5280
 * does not define but CAs use, covers only the names below. Clients accept the name `*.example.com` for
 * `bar.example.com`, so the verifier rejects this wildcard name if `bar.example.com` is excluded (CVE-2025-61727).
 */
function matchesDns(name: string, base: string, role: SubtreeRole): SubtreeMatch {
  const [long, short] = [name.toLowerCase(), base.toLowerCase()];
  if (!isHostName(long, { wildcard: true })) return unclear('which is not a host name');
  if (short !== '' && !isHostName(short.replace(/^\./, ''))) return notAHost(base);
  if (short === '' || long === short) return succeeded(true);
  if (long.endsWith(short.startsWith('.') ? short : `.${short}`)) return succeeded(true);
  if (role === 'permitted' || !long.startsWith('*.') || short.startsWith('.')) return succeeded(false);
  return succeeded(long.slice(1) === short.slice(short.indexOf('.')));
}

/** Compares an e-mail address with a base: a mailbox, a host, or (with a leading dot) all hosts of a domain. */
function matchesEmail(name: string, base: string): SubtreeMatch {
  const mailbox = readMailbox(name);
  if (mailbox === undefined) return unclear('which is not an e-mail address');
  const { local, host } = mailbox;
  if (base.includes('@')) {
    const wanted = readMailbox(base);
    if (wanted === undefined)
      return unclear(`for which the constraint ${JSON.stringify(base)} is not an e-mail address`);
    return succeeded(wanted.local === local && wanted.host === host);
  }
  const domain = base.toLowerCase();
  if (domain !== '' && !isHostName(domain.replace(/^\./, ''))) return notAHost(base);
  return succeeded(domain.startsWith('.') ? host.endsWith(domain) : host === domain);
}

/** Compares the host of a URI with the base. RFC 5280 4.2.1.10 rejects a URI without a host name. */
function matchesUri(name: string, base: string): SubtreeMatch {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(name)?.[1];
  const host = authority?.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase();
  if (host === undefined || isIP(host) !== 0 || !isHostName(host)) return unclear('which has no host name');
  const wanted = base.toLowerCase();
  const wantedHost = wanted.replace(/^\./, '');
  if (wanted !== '' && (isIP(wantedHost) !== 0 || !isHostName(wantedHost))) return notAHost(base);
  const isInside = wanted.startsWith('.') ? host.length > wanted.length && host.endsWith(wanted) : host === wanted;
  return succeeded(isInside);
}

function notAHost(base: string): SubtreeMatch {
  return unclear(`for which the constraint ${JSON.stringify(base)} is not a host name`);
}

function unclear(sentence: string): SubtreeMatch {
  return failed('name-not-comparable', sentence);
}

/** Compares an IP address with a base: an address and a mask of the same family. */
function matchesIp(octets: Buffer, base: Buffer): SubtreeMatch {
  if (![4, 16].includes(octets.length)) return unclear('which is not an IP address');
  if (![8, 32].includes(base.length))
    return unclear('but the constraint is not an address with a mask (8 or 32 octets)');
  if (!isPrefix(base.subarray(base.length / 2))) return unclear('but the mask of the constraint is not a prefix');
  if (base.length !== octets.length * 2) return succeeded(false);
  const isInside = octets.every((octet, index) => {
    const mask = base[octets.length + index] ?? 0;
    return (octet & mask) === ((base[index] ?? 0) & mask);
  });
  return succeeded(isInside);
}

/** Returns true if a mask consists of one-bits followed by zero-bits (RFC 4632 3.1). */
function isPrefix(mask: Buffer): boolean {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}
