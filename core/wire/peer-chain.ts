import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** The certificates that the other side of a handshake sent: DER, in its order, leaf first; empty where it sent none. */
export function peerChain(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < chainLimit) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/** A bound on memory. OpenSSL reads 100 KB of certificates, so a chain that is judged by its work is not cut here. */
const chainLimit = 256;
