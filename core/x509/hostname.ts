import { isIP } from 'node:net';
import type { Certificate } from './certificate.ts';
import { addressOctets } from './general-name.ts';

/**
 * Returns true if a certificate names the host that the client called (RFC 9525 6). Only subjectAltName counts, never
 * the common name. A wildcard matches the whole left-most label. A wildcard does not match an IP address or a name
 * directly below a top-level domain.
 *
 * @param host a DNS name in ASCII (A-labels), or an IP address. The function ignores a trailing dot.
 */
export function matchesHostname(certificate: Certificate, host: string): boolean {
  const names = certificate.subjectAltName ?? [];
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(bare) !== 0) {
    const octets = addressOctets(bare);
    return octets !== undefined && names.some((name) => name.form === 'ip' && name.octets.equals(octets));
  }
  const called = labelsOf(bare);
  return called !== undefined && names.some((name) => name.form === 'dns' && matchesPattern(name.text, called));
}

/** Returns the labels of a host name in lower case, or undefined if the text is not a host name. */
function labelsOf(name: string): string[] | undefined {
  const labels = name.toLowerCase().split('.');
  const isHostName =
    name.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  return isHostName ? labels : undefined;
}

function matchesPattern(pattern: string, called: readonly string[]): boolean {
  const wild = pattern.startsWith('*.');
  // If these labels equal the labels of a valid host name, they are valid too. So the code does not check them again.
  const labels = (wild ? pattern.slice(2) : pattern).toLowerCase().split('.');
  if (wild && labels.length < 2) return false;
  const compared = wild ? called.slice(1) : called;
  return compared.length === labels.length && labels.every((label, index) => label === compared[index]);
}
