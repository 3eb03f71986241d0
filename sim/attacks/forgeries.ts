import { addDuration } from '../../core/time/duration.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import { mintCertificate, mintDer, type Minted, type MintOrder } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { extensionOids } from '../../core/x509/der/oids.ts';
import { toPem } from '../../core/x509/der/pem.ts';
import type { Signer } from '../../core/x509/mint/signer.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import type { Attacker } from './attacker.ts';
import { oddKey } from './odd-key.ts';

/** The stolen certificate of a CA or of a device, with its key. The attacker signs forged certificates with this key. */
export interface Held {
  readonly certificate: Certificate;
  readonly keys: Signer;
  readonly der: Buffer;
  /** PEM of the certificate and of the CAs between it and the root, as a device sends them. */
  readonly chainPem: string;
  /** PKCS #8; undefined if the key is in a store that does not reveal it. */
  readonly keyPem: string | undefined;
  /** The CA that DPS trusts and to which the stolen certificate chains. */
  readonly authority: Certificate;
}

interface Forgery {
  readonly held: Held;
  readonly registrationId: string;
  readonly attacker: Attacker;
}

type Forge = (forgery: Forgery) => Promise<InstalledCertificate>;

/** Ways to forge the certificate of a device. A verifier needs a different rule to reject each of them, except `plain`. */
export const forgeries = {
  /** Signed with the stolen key. The certificate is valid if the stolen key belongs to a CA, and invalid if it belongs to a device. */
  plain: (forgery) => below(forgery, forgery.held),
  /** The stolen certificate, unchanged. */
  'shown-itself': async ({ held, attacker }) => {
    if (held.keyPem === undefined)
      return attacker.refuse(
        '`how: shown-itself` needs a key that can be read, but the loot has no such key; steal a key from a file',
      );
    return { leaf: held.der, chainPem: held.chainPem, keyPem: held.keyPem };
  },
  /** A leaf below two forged CAs. The upper CA has path length 0 and may not have another CA below it. */
  'too-deep': async (forgery) => {
    const first = await authority(forgery, 'first', { ca: { pathLength: 0 } });
    return below(forgery, await authority({ ...forgery, held: first }, 'second'));
  },
  /** A CA whose key usage excludes signing certificates. */
  'ca-that-may-not-sign': async (forgery) =>
    below(forgery, await authority(forgery, 'helper', { keyUsage: ['digitalSignature'] })),
  /** A CA whose name constraints permit only devices of another manufacturer. */
  'ca-for-other-names': async (forgery) => {
    const nameConstraints = { permitted: [{ directory: { organization: 'Another Manufacturer' } }] };
    return below(forgery, await authority(forgery, 'partner', { nameConstraints }));
  },
  /** A CA whose key is on an elliptic curve that DPS rejects as too weak. */
  'ca-with-an-odd-key': async (forgery) => below(forgery, await authority(forgery, 'old', { keys: await oddKey() })),
  /** More CAs between the leaf and the trusted CA than a verifier accepts. */
  'too-many-cas': async (forgery) => {
    let { held } = forgery;
    for (let above = 1; above <= 70; above++) held = await authority({ ...forgery, held }, `number ${above}`);
    return below(forgery, held);
  },
  /** A CA that requires a certificate policy (RFC 5280 4.2.1.11), with a leaf that has no policy. */
  'ca-that-asks-for-a-policy': async (forgery) => {
    const asksAtOnce = Buffer.from([0x30, 0x03, 0x80, 0x01, 0x00]);
    const extraExtensions = [{ oid: extensionOids.policyConstraints, critical: true, value: asksAtOnce }];
    return below(forgery, await authority(forgery, 'strict', { extraExtensions }));
  },
  /** A certificate with a truncated extension. TLS libraries send such a certificate without an error. */
  unreadable: async (forgery) => {
    const { held } = forgery;
    // A TLS server of Node first reads 1024 octets. If the certificate ends within these octets, Node ends the handshake before the service
    // can answer. The second extension makes the certificate longer.
    const extraExtensions = [
      { oid: extensionOids.basicConstraints, value: Buffer.from([0x30, 0x03, 0x01]) },
      { oid: '1.3.6.1.4.1.32473.1', value: Buffer.alloc(600) },
    ];
    const order = await orderFor(forgery, forgery.registrationId, { issuer: held, extraExtensions });
    const leaf = await mintDer(order);
    const keyPem = order.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    return { leaf, chainPem: toPem(leaf) + held.chainPem, keyPem };
  },
  /** A certificate that becomes valid one month from now. */
  'not-yet-valid': (forgery) => {
    const notBefore = addDuration(forgery.attacker.clock.now(), 'P1M');
    return below(forgery, forgery.held, { notBefore });
  },
  /** A certificate whose extended key usage permits only TLS servers. */
  'for-servers': (forgery) => below(forgery, forgery.held, { extendedKeyUsage: ['serverAuth'] }),
  /** A certificate with an unknown critical extension, which a verifier must reject. */
  'unknown-extension': (forgery) =>
    below(forgery, forgery.held, {
      extraExtensions: [{ oid: '1.3.6.1.4.1.32473.1', critical: true, value: Buffer.from([0x05, 0x00]) }],
    }),
  /** A leaf that names the real CA as its issuer but has the signature of another key. */
  'other-ca-of-that-name': async (forgery) =>
    below(forgery, { ...forgery.held, ...(await ownKey()), certificate: forgery.held.authority, chainPem: '' }),
  /** A certificate below a root that the attacker made. The client sends this root too. */
  'own-root': async (forgery) => below(forgery, await ownRoot(forgery)),
  /** A certificate below a root that the attacker made. The client does not send this root. */
  'own-root-unsent': async (forgery) => below(forgery, { ...(await ownRoot(forgery)), chainPem: '' }),
} satisfies Record<string, Forge>;

type Below = Pick<Held, 'certificate' | 'keys' | 'chainPem'>;

/** Issues a certificate that names the device, signed by `issuer`. */
async function below(forgery: Forgery, issuer: Below, more: Partial<MintOrder> = {}): Promise<InstalledCertificate> {
  const commonName = forgery.registrationId;
  const leaf = await minted(forgery, commonName, { issuer, extendedKeyUsage: ['clientAuth'], ...more });
  return { leaf: leaf.der, chainPem: leaf.pem + issuer.chainPem, keyPem: leaf.privateKeyPem };
}

/** Issues a CA certificate, signed with the stolen key. */
async function authority(forgery: Forgery, name: string, more: Partial<MintOrder> = {}): Promise<Held> {
  const { held } = forgery;
  const made = await minted(forgery, `${name} CA`, { issuer: held, ca: {}, ...more });
  return holding(made, held.chainPem, held.authority);
}

async function ownRoot(forgery: Forgery): Promise<Held> {
  const made = await minted(forgery, 'Untrusted root', { ca: {} });
  return holding(made, '', made.certificate);
}

function holding(made: Minted, above: string, top: Certificate): Held {
  const { certificate, keys, der, pem, privateKeyPem: keyPem } = made;
  return { certificate, keys, der, chainPem: pem + above, keyPem, authority: top };
}

async function ownKey(): Promise<Pick<Held, 'keys'>> {
  return { keys: await generateKeyPair('P-256') };
}

async function minted(forgery: Forgery, commonName: string, more: Partial<MintOrder>): Promise<Minted> {
  return mintCertificate(await orderFor(forgery, commonName, more));
}

async function orderFor({ attacker }: Forgery, commonName: string, more: Partial<MintOrder>): Promise<MintOrder> {
  const now = attacker.clock.now();
  return {
    subject: { commonName },
    keys: await generateKeyPair('P-256'),
    notBefore: now,
    notAfter: addDuration(now, 'P1Y'),
    serialNumber: attacker.random.fork(`forged certificate of ${commonName} at ${now}`).bytes(16),
    ...more,
  };
}
