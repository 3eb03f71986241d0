import type { ClientOffer } from '../history/events.ts';

/**
 * Returns one sentence about the TLS versions and cipher suites that a client offers. For a repeated offer the event
 * has no lists, so the sentence names only the digest.
 */
export function offerText({ from, host, hello, digest }: ClientOffer): string {
  const at = host === undefined ? 'without a server name' : `for ${host}`;
  if (hello === undefined) return `ClientHello from ${from} ${at}: the same offer ${digest} as in an earlier handshake`;
  const { versions, cipherSuites } = hello;
  return `ClientHello from ${from} ${at}: offer ${digest}, ${versions.join(', ')}, ${cipherSuites.length} cipher suites`;
}
