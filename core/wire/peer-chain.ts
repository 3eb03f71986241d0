import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** Returns the certificates that the peer of a TLS handshake sent: DER, in the order of the peer, leaf first. */
export function peerChain(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < chainLimit) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/** Bounds the memory. OpenSSL reads at most 100 KB of certificates, so this limit does not cut a chain that can be verified. */
const chainLimit = 256;
