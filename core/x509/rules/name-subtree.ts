import { isIP } from 'node:net';
import type { NameSubtree } from '../extensions.ts';
import type { GeneralName } from '../general-name.ts';
import { isHostName } from './host-name.ts';
import { readMailbox } from './mailbox.ts';

/** Whether the subtree takes names in or keeps them out. */
export type SubtreeRole = 'permitted' | 'excluded';

/**
 * Whether a name lies inside a subtree of the same form (RFC 5280 4.2.1.10); of an excluded one, whether some of what the name
 * stands for does. A text says why that cannot be judged: the certificate is then to be refused, whether the subtree permits
 * or excludes.
 */
export function matchesSubtree(name: GeneralName, { base, plain }: NameSubtree, role: SubtreeRole): boolean | string {
  if (!plain) return 'for which the constraint has a minimum or maximum';
  if (name.form === 'dns' && base.form === 'dns') return matchesDns(name.text, base.text, role);
  if (name.form === 'email' && base.form === 'email') return matchesEmail(name.text, base.text);
  if (name.form === 'uri' && base.form === 'uri') return matchesUri(name.text, base.text);
  if (name.form === 'ip' && base.form === 'ip') return matchesIp(name.octets, base.octets);
  if (name.form === 'directory' && base.form === 'directory') {
    return base.name.parts.every((part, index) => part === name.name.parts[index]);
  }
  return 'a form of name whose constraints are not supported';
}

/**
 * `example.com` means itself and all below, `.example.com` (not in the RFC, but in use) all below only. `*.example.com` is also
 * taken for `bar.example.com` by clients, so it is not outside of an excluded `bar.example.com` (CVE-2025-61727).
 */
function matchesDns(name: string, base: string, role: SubtreeRole): boolean | string {
  const [long, short] = [name.toLowerCase(), base.toLowerCase()];
  if (!isHostName(long, { wildcard: true })) return 'which is no host name';
  if (short !== '' && !isHostName(short.replace(/^\./, ''))) return notAHost(base);
  if (short === '' || long === short) return true;
  if (long.endsWith(short.startsWith('.') ? short : `.${short}`)) return true;
  if (role === 'permitted' || !long.startsWith('*.') || short.startsWith('.')) return false;
  return long.slice(1) === short.slice(short.indexOf('.'));
}

/** A mailbox, a host, or with a leading dot the hosts of a domain. */
function matchesEmail(name: string, base: string): boolean | string {
  const mailbox = readMailbox(name);
  if (mailbox === undefined) return 'which is no e-mail address';
  const { local, host } = mailbox;
  if (base.includes('@')) {
    const wanted = readMailbox(base);
    if (wanted === undefined) return `for which the constraint ${JSON.stringify(base)} is no e-mail address`;
    return wanted.local === local && wanted.host === host;
  }
  const domain = base.toLowerCase();
  if (domain !== '' && !isHostName(domain.replace(/^\./, ''))) return notAHost(base);
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain;
}

/** By the host of the URI. One without a host name cannot be judged: RFC 5280 has it refused. */
function matchesUri(name: string, base: string): boolean | string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(name)?.[1];
  const host = authority?.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase();
  if (host === undefined || isIP(host) !== 0 || !isHostName(host)) return 'which has no host name';
  const wanted = base.toLowerCase();
  const wantedHost = wanted.replace(/^\./, '');
  if (wanted !== '' && (isIP(wantedHost) !== 0 || !isHostName(wantedHost))) return notAHost(base);
  return wanted.startsWith('.') ? host.length > wanted.length && host.endsWith(wanted) : host === wanted;
}

function notAHost(base: string): string {
  return `for which the constraint ${JSON.stringify(base)} is no host name`;
}

/** Address and mask, of the same family. */
function matchesIp(octets: Buffer, base: Buffer): boolean | string {
  if (![4, 16].includes(octets.length)) return 'which is no IP address';
  if (![8, 32].includes(base.length)) return 'for which the constraint is no address with mask';
  if (!isPrefix(base.subarray(base.length / 2))) return 'for which the constraint has a mask that is no prefix';
  if (base.length !== octets.length * 2) return false;
  return octets.every((octet, index) => {
    const mask = base[octets.length + index] ?? 0;
    return (octet & mask) === ((base[index] ?? 0) & mask);
  });
}

/** Ones, then zeros (RFC 4632 3.1). */
function isPrefix(mask: Buffer): boolean {
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}
