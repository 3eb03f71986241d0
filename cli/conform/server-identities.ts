import type { GivenServerIdentity } from '../../core/cloud/cloud.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { generateKeyPair, type KeyPair } from '../../core/x509/mint/key-pair.ts';
import { mintCertificate, type Minted } from '../../core/x509/mint/mint.ts';
import type { LabSetup } from '../../sim/conformance/worlds/world.ts';

/** The server certificate of a lab, and the root certificates in the trust file of its clients. */
export interface ServerTrust {
  /** Certificate and key of the server; undefined if the lab uses its own certificate under its own root. */
  readonly identity: GivenServerIdentity | undefined;
  /** Root certificates in PEM, in addition to the root of the lab. */
  readonly roots: readonly string[];
  /** True if the trust file also contains the root of the lab. */
  readonly isLabTrusted: boolean;
}

/** Makes the server certificate of a test world. @param now instant in milliseconds since 1970. */
export async function serverTrust(kind: LabSetup['server'], now: number): Promise<ServerTrust> {
  const second = await root('second', now);
  switch (kind) {
    case undefined:
      return { identity: undefined, roots: [second.pem], isLabTrusted: true };
    case 'other-root':
      return { identity: undefined, roots: [second.pem], isLabTrusted: false };
    case 'second-root':
      return { identity: await leaf(second, serverNames, now), roots: [second.pem], isLabTrusted: true };
    case 'other-host':
      return { identity: await leaf(second, ['other.example.net'], now), roots: [second.pem], isLabTrusted: true };
    case 'expired':
      return {
        identity: await leaf(second, serverNames, now - 30 * dayMs),
        roots: [second.pem],
        isLabTrusted: true,
      };
    case 'new-intermediate': {
      const intermediate = await mintCertificate({
        subject: { commonName: 'Rehearsal Test Intermediate 2 (throw-away)' },
        keys: await keysOnce('intermediate'),
        issuer: { certificate: second.certificate, keys: second.keys },
        ...span(now, 3650),
        ca: {},
      });
      const { chainPem, keyPem } = await leaf(intermediate, serverNames, now);
      return {
        identity: { chainPem: chainPem + intermediate.pem, keyPem },
        roots: [second.pem],
        isLabTrusted: true,
      };
    }
  }
}

const dayMs = 86_400_000;
const serverNames = [globalEndpoint, '*.azure-devices-provisioning.net', '*.azure-devices.net', 'localhost'];

/** RSA keys are slow to make, so all test worlds of the process share the keys. */
const made = new Map<string, Promise<KeyPair>>();

function keysOnce(name: string): Promise<KeyPair> {
  const keys = made.get(name) ?? generateKeyPair('RSA-2048');
  made.set(name, keys);
  return keys;
}

async function root(name: string, now: number): Promise<Minted> {
  return mintCertificate({
    subject: { commonName: `Rehearsal Test Root ${name} (throw-away)` },
    keys: await keysOnce(`root ${name}`),
    ...span(now, 3650),
    ca: {},
  });
}

async function leaf(issuer: Minted, dnsNames: readonly string[], now: number): Promise<GivenServerIdentity> {
  const minted = await mintCertificate({
    subject: { commonName: dnsNames[0] ?? '' },
    keys: await keysOnce('leaf'),
    issuer: { certificate: issuer.certificate, keys: issuer.keys },
    ...span(now, 20),
    dnsNames,
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsage: ['serverAuth'],
  });
  return { chainPem: minted.pem, keyPem: minted.privateKeyPem };
}

/** Returns a validity period in whole seconds, as certificates express it. The period begins an hour before `now`. */
function span(now: number, days: number): { readonly notBefore: number; readonly notAfter: number } {
  const start = Math.floor(now / 1000) * 1000 - 3_600_000;
  return { notBefore: start, notAfter: start + days * dayMs };
}
