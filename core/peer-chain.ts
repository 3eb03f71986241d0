import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/** The certificates that the other side of a handshake sent: DER, leaf first, linked upwards; empty where it sent none. */
export function peerChain(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw !== undefined && chain.length < chainLimit) {
    const { raw } = certificate;
    if (chain.some((known) => known.equals(raw))) break;
    chain.push(raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

/** OpenSSL itself takes about a hundred; nothing sensible comes near. */
const chainLimit = 32;
