import type { KeyObject } from 'node:crypto';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { publicKeyInfoOf } from '../../core/x509/public-key-info.ts';
import type { Network } from '../world/network.ts';

/**
 * Returns true if an issued certificate has the requested name and key. The device checks this before it installs the certificate, so that
 * a mistake of the issuer does no harm. Records the decision in the history.
 */
export function issuedFits(name: string, leaf: Buffer, publicKey: KeyObject, network: Network): boolean {
  const read = parseCertificate(leaf);
  const ours = publicKeyInfoOf(publicKey);
  return network.decide(network.history.trace('device', name, 'issued certificate'), (trace) => {
    const found = !read.ok
      ? read.failure.sentence
      : !read.value.publicKeyInfo.equals(ours)
        ? 'another key'
        : (read.value.commonName ?? 'no common name');
    return trace.check('issued-certificate-fits', found === name, `${name}, with the requested key`, found);
  });
}
