import type { Random } from '../../core/random.ts';
import { globalEndpoint } from '../../core/dps-wire.ts';
import { generateKeyPair, mintCertificate } from '../../core/x509/mint.ts';
import { parseInstant } from '../../core/clock.ts';

/** Certificate and key that every listener shows, and the root that clients have to trust. */
export interface ServerIdentity {
  /** PEM of leaf and root, as TLS sends them. */
  readonly chainPem: string;
  readonly keyPem: string;
  /** DER. */
  readonly root: Buffer;
}

/** Mints a server identity for DPS and all hubs. It is valid from 2000 to 2100, so that any timeline fits inside. */
export async function mintServerIdentity(random: Random): Promise<ServerIdentity> {
  const notBefore = parseInstant('2000-01-01T00:00:00Z') ?? 0;
  const notAfter = parseInstant('2100-01-01T00:00:00Z') ?? 0;
  const rootKeys = await generateKeyPair('P-256');
  const root = await mintCertificate({
    subject: { commonName: 'Rehearsal Test Root (throw-away)' },
    keys: rootKeys,
    notBefore,
    notAfter,
    ca: {},
    serialNumber: random.bytes(16),
  });
  const leaf = await mintCertificate({
    subject: { commonName: globalEndpoint },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: root.certificate, keys: rootKeys },
    notBefore,
    notAfter,
    dnsNames: [globalEndpoint, '*.azure-devices-provisioning.net', '*.azure-devices.net', 'localhost'],
    extendedKeyUsage: ['serverAuth'],
    serialNumber: random.bytes(16),
  });
  return { chainPem: leaf.pem + root.pem, keyPem: leaf.privateKeyPem, root: root.der };
}
