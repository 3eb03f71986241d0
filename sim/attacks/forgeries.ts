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

/** A certificate with its key from which a certificate is forged, of a CA or of a device. */
export interface Held {
  readonly certificate: Certificate;
  readonly keys: Signer;
  readonly der: Buffer;
  /** The certificate and the ones between it and the root, as devices send them. */
  readonly chainPem: string;
  /** PKCS #8; undefined if the key cannot be read. */
  readonly keyPem: string | undefined;
  /** The CA that DPS trusts. */
  readonly authority: Certificate;
}

interface Forgery {
  readonly held: Held;
  readonly registrationId: string;
  readonly attacker: Attacker;
}

type Forge = (forgery: Forgery) => Promise<InstalledCertificate>;

/** Ways to forge the certificate of a device. A different rule detects each of them but the first. */
export const forgeries = {
  /** Signed with the stolen key. Valid if it is the key of a CA, invalid if it is the key of a device. */
  plain: (forgery) => below(forgery, forgery.held),
  /** The stolen certificate itself. */
  'shown-itself': async ({ held, attacker }) => {
    if (held.keyPem === undefined)
      return attacker.refuse(
        'how: shown-itself needs a key that can be read, and the loot has none; steal a key from a file',
      );
    return { leaf: held.der, chainPem: held.chainPem, keyPem: held.keyPem };
  },
  /** A CA with path length 0 has another CA below it. */
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
  /** A CA whose key is on a curve that is not accepted as strong. */
  'ca-with-an-odd-key': async (forgery) => below(forgery, await authority(forgery, 'old', { keys: await oddKey() })),
  /** More CAs between the leaf and the known CA than a verifier accepts. */
  'too-many-cas': async (forgery) => {
    let { held } = forgery;
    for (let above = 1; above <= 70; above++) held = await authority({ ...forgery, held }, `number ${above}`);
    return below(forgery, held);
  },
  /** A CA that requires a certificate policy (RFC 5280 4.2.1.11), and a certificate without one. */
  'ca-that-asks-for-a-policy': async (forgery) => {
    const asksAtOnce = Buffer.from([0x30, 0x03, 0x80, 0x01, 0x00]);
    const extraExtensions = [{ oid: extensionOids.policyConstraints, critical: true, value: asksAtOnce }];
    return below(forgery, await authority(forgery, 'strict', { extraExtensions }));
  },
  /** A certificate with a truncated extension, which TLS transports. */
  unreadable: async (forgery) => {
    const { held } = forgery;
    const extraExtensions = [{ oid: extensionOids.basicConstraints, value: Buffer.from([0x30, 0x03, 0x01]) }];
    const order = await orderFor(forgery, forgery.registrationId, { issuer: held, extraExtensions });
    const leaf = await mintDer(order);
    const keyPem = order.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    return { leaf, chainPem: toPem(leaf) + held.chainPem, keyPem };
  },
  /** A certificate that becomes valid in a month. */
  'not-yet-valid': (forgery) => {
    const notBefore = addDuration(forgery.attacker.clock.now(), 'P1M');
    return below(forgery, forgery.held, { notBefore });
  },
  /** A certificate for servers only. */
  'for-servers': (forgery) => below(forgery, forgery.held, { extendedKeyUsage: ['serverAuth'] }),
  /** A certificate with an unknown critical extension, which a verifier must reject. */
  'unknown-extension': (forgery) =>
    below(forgery, forgery.held, {
      extraExtensions: [{ oid: '1.3.6.1.4.1.32473.1', critical: true, value: Buffer.from([0x05, 0x00]) }],
    }),
  /** The name of the real CA with the signature of another key. */
  'other-ca-of-that-name': async (forgery) =>
    below(forgery, { ...forgery.held, ...(await ownKey()), certificate: forgery.held.authority, chainPem: '' }),
  /** A root of the attacker, which the client sends. */
  'own-root': async (forgery) => below(forgery, await ownRoot(forgery)),
  /** A root of the attacker, which the client does not send. */
  'own-root-unsent': async (forgery) => below(forgery, { ...(await ownRoot(forgery)), chainPem: '' }),
} satisfies Record<string, Forge>;

type Below = Pick<Held, 'certificate' | 'keys' | 'chainPem'>;

/** Issues a certificate in the name of the device below an issuer. */
async function below(forgery: Forgery, issuer: Below, more: Partial<MintOrder> = {}): Promise<InstalledCertificate> {
  const commonName = forgery.registrationId;
  const leaf = await minted(forgery, commonName, { issuer, extendedKeyUsage: ['clientAuth'], ...more });
  return { leaf: leaf.der, chainPem: leaf.pem + issuer.chainPem, keyPem: leaf.privateKeyPem };
}

/** Issues a CA below the stolen certificate. */
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
