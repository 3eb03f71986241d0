import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/**
 * Returns the certificates that the peer of a TLS handshake sent, in DER. They are in the order in which the peer sent them,
 * leaf first.
 */
export function peerChain(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < chainLimit) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/**
 * Bounds the memory use. OpenSSL reads at most 100 KB of certificates, so a chain that it can verify has fewer certificates
 * than this.
 */
const chainLimit = 256;
