import type { ClientOffer } from '../history/events.ts';

/** States the offer of a client in one sentence. The event of a repeated offer has no list of suites. */
export function offerText({ from, host, hello, digest }: ClientOffer): string {
  const at = host === undefined ? 'without a server name' : `for ${host}`;
  if (hello === undefined) return `ClientHello from ${from} ${at}: offer ${digest} again`;
  const { versions, cipherSuites } = hello;
  return `ClientHello from ${from} ${at}: offer ${digest}, ${versions.join(', ')}, ${cipherSuites.length} cipher suites`;
}
