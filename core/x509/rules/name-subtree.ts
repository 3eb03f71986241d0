import { isIP } from 'node:net';
import type { NameSubtree } from '../extensions.ts';
import type { GeneralName } from '../general-name.ts';

/**
 * Whether a name lies inside a subtree of the same form (RFC 5280 4.2.1.10). A text says why that cannot be judged: the
 * certificate is then to be refused, whether the subtree permits or excludes.
 */
export function matchesSubtree(name: GeneralName, { base, plain }: NameSubtree): boolean | string {
  if (!plain) return 'for which the constraint has a minimum or maximum';
  if (name.form === 'dns' && base.form === 'dns') return matchesDns(name.text, base.text);
  if (name.form === 'email' && base.form === 'email') return matchesEmail(name.text, base.text);
  if (name.form === 'uri' && base.form === 'uri') return matchesUri(name.text, base.text);
  if (name.form === 'ip' && base.form === 'ip') return matchesIp(name.octets, base.octets);
  if (name.form === 'directory' && base.form === 'directory') {
    return base.name.parts.every((part, index) => part === name.name.parts[index]);
  }
  return 'a form of name whose constraints are not supported';
}

/** `example.com` means itself and all below, `.example.com` (not in the RFC, but in use) all below only. */
function matchesDns(name: string, base: string): boolean {
  const [long, short] = [name.toLowerCase(), base.toLowerCase()];
  if (short === '' || long === short) return true;
  return long.endsWith(short.startsWith('.') ? short : `.${short}`);
}

/** A mailbox, a host, or with a leading dot the hosts of a domain. */
function matchesEmail(name: string, base: string): boolean | string {
  const at = name.lastIndexOf('@');
  if (at < 0) return 'which is no e-mail address';
  const [local, host] = [name.slice(0, at), name.slice(at + 1).toLowerCase()];
  const baseAt = base.lastIndexOf('@');
  if (baseAt < 0 && base.startsWith('.')) return host.endsWith(base.toLowerCase());
  const baseLocal = baseAt > 0 ? base.slice(0, baseAt) : undefined;
  return (baseLocal === undefined || baseLocal === local) && host === base.slice(baseAt + 1).toLowerCase();
}

/** By the host of the URI. One without a host name cannot be judged: RFC 5280 has it refused. */
function matchesUri(name: string, base: string): boolean | string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(name)?.[1];
  const host = authority?.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase();
  if (host === undefined || host === '' || host.startsWith('[') || isIP(host) !== 0) return 'which has no host name';
  const wanted = base.toLowerCase();
  return wanted.startsWith('.') ? host.length > wanted.length && host.endsWith(wanted) : host === wanted;
}

/** Address and mask, of the same family. */
function matchesIp(octets: Buffer, base: Buffer): boolean | string {
  if (![4, 16].includes(octets.length)) return 'which is no IP address';
  if (![8, 32].includes(base.length)) return 'for which the constraint is no address with mask';
  if (base.length !== octets.length * 2) return false;
  return octets.every((octet, index) => {
    const mask = base[octets.length + index] ?? 0;
    return (octet & mask) === ((base[index] ?? 0) & mask);
  });
}
