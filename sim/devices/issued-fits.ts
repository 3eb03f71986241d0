import type { KeyObject } from 'node:crypto';
import { parseCertificate } from '../../core/x509/certificate.ts';
import type { Network } from '../world/network.ts';

/**
 * Whether a certificate that came back is for this name and for the key that waits for it: the last moment at which a
 * mistake of the issuer costs nothing. The decision is in the history.
 */
export function issuedFits(name: string, leaf: Buffer, publicKey: KeyObject, network: Network): boolean {
  const read = parseCertificate(leaf);
  const ours = publicKey.export({ format: 'der', type: 'spki' });
  return network.decide(network.history.trace('device', name, 'issued certificate'), (trace) => {
    const found = !read.ok
      ? read.problem
      : !read.certificate.publicKeyInfo.equals(ours)
        ? 'another key'
        : (read.certificate.commonName ?? 'no common name');
    return trace.check('issued-certificate-fits', found === name, `${name}, with its own key`, found);
  });
}
