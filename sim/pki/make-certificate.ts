import type { Validity } from '../../core/rules/is-valid-at.ts';
import { issueCertificate } from '../../core/x509/mint/mint.ts';
import type { Device } from '../devices/device.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import type { Authority } from './authority.ts';

/** An order for a certificate of a device. */
interface CertificateOrder extends Validity {
  readonly commonName: string;
  /** If undefined, the certificate is self-signed. */
  readonly issuer: Authority | undefined;
  readonly key: 'P-256' | 'RSA-2048';
  /** `full`: the device also sends the CAs between leaf and root. */
  readonly chain: 'full' | 'leaf-only';
  readonly serialNumber: Buffer;
}

/** Makes a key in the key store of a device, and a certificate for it. Does not install the certificate. */
export async function makeCertificate(device: Device, order: CertificateOrder): Promise<InstalledCertificate> {
  const { commonName, issuer, notBefore, notAfter, serialNumber } = order;
  const { kind, publicKey, sign, handshake } = await device.keys.makeKeyPair(order.key);
  const leaf = await issueCertificate({
    subject: { commonName },
    publicKey,
    issuer:
      issuer === undefined
        ? { keys: { kind, sign } }
        : { certificate: issuer.minted.certificate, keys: issuer.minted.keys },
    notBefore,
    notAfter,
    extendedKeyUsage: ['clientAuth'],
    serialNumber,
  });
  const chain = order.chain === 'full' ? (issuer?.intermediates ?? []) : [];
  return { leaf: leaf.der, chainPem: [leaf, ...chain].map(({ pem }) => pem).join(''), ...handshake };
}
