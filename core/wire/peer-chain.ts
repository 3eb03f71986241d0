import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/**
 * Returns the certificates that the peer of a TLS handshake sent, in DER. They are in the order in which the peer sent
 * them, leaf first. The function stores the result of the first call, because Node returns the CA certificates of a
 * client only once.
 */
export function peerChain(socket: TLSSocket): readonly Buffer[] {
  const known = chains.get(socket);
  if (known !== undefined) return known;
  const chain: Buffer[] = [];
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < chainLimit) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  // The chain is empty until the handshake has finished.
  if (chain.length > 0) chains.set(socket, chain);
  return chain;
}

const chains = new WeakMap<TLSSocket, readonly Buffer[]>();

/**
 * Bounds the memory use. OpenSSL reads at most 100 KB of certificates, so a chain that it can verify has fewer
 * certificates than this limit.
 */
const chainLimit = 256;
