import { addDuration } from '../../core/time/duration.ts';
import { deriveDeviceKey } from '../../core/wire/sas.ts';
import { mintCertificate } from '../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import type { Attacker } from './attacker.ts';
import type { Credential, Loot, StolenCa } from './loot.ts';

/** Makes a credential for a registration ID from loot, if the loot allows it. */
export async function credentialFrom(loot: Loot, registrationId: string, attacker: Attacker): Promise<Credential> {
  switch (loot.kind) {
    case 'symmetric-key':
      return { kind: 'symmetric-key', key: loot.key };
    case 'group-key':
      return { kind: 'symmetric-key', key: deriveDeviceKey(loot.key, registrationId) };
    case 'certificate':
      return { kind: 'certificate', certificate: loot.certificate };
    case 'ca':
      return certificateBelow(loot.ca, registrationId, attacker);
    case 'use':
      return loot.credential();
    case 'chip':
      return { kind: 'chip', chip: loot.chip };
    case 'bundle':
      return bestOf(loot.items, registrationId, attacker);
    case 'public-keys':
      return { kind: 'none', lacks: 'public keys cannot unwrap a challenge' };
    case 'public-chain':
      return { kind: 'none', lacks: 'certificates without their keys cannot sign' };
    case 'token':
      return { kind: 'none', lacks: 'a recorded token cannot make another token' };
    case 'etag':
      return { kind: 'none', lacks: 'an ETag is not a credential' };
    case 'policy-key':
      return { kind: 'none', lacks: `the key of the policy ${loot.policy} is for the service API, not for a device` };
    case 'nothing':
      return { kind: 'none', lacks: loot.why };
  }
}

/**
 * Makes a credential from the best item of the loot. Order of preference: a CA or a group key, a credential of this device, a credential
 * without an owner, a credential of another device.
 */
async function bestOf(items: readonly Loot[], registrationId: string, attacker: Attacker): Promise<Credential> {
  const rank = (item: Loot): number => {
    if (item.kind === 'ca' || item.kind === 'group-key') return 0;
    if ('of' in item && item.of !== undefined) return item.of === registrationId ? 1 : 3;
    return item.kind === 'symmetric-key' || item.kind === 'certificate' || item.kind === 'chip' ? 2 : 4;
  };
  const [best] = items.filter(isCredential).toSorted((a, b) => rank(a) - rank(b));
  return best === undefined
    ? { kind: 'none', lacks: 'the loot contains no credential of a device' }
    : credentialFrom(best, registrationId, attacker);
}

function isCredential({ kind }: Loot): boolean {
  return !['nothing', 'token', 'policy-key', 'public-keys', 'public-chain', 'etag', 'bundle'].includes(kind);
}

/** Issues a certificate for a registration ID with the stolen key of a CA. */
async function certificateBelow(ca: StolenCa, registrationId: string, attacker: Attacker): Promise<Credential> {
  const now = attacker.clock.now();
  const leaf = await mintCertificate({
    subject: { commonName: registrationId },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: ca.certificate.certificate, keys: ca.keys },
    notBefore: now,
    notAfter: addDuration(now, 'P1Y'),
    extendedKeyUsage: ['clientAuth'],
    serialNumber: attacker.random.fork(`forged certificate of ${registrationId} at ${now}`).bytes(16),
  });
  const chainPem = [leaf, ...ca.intermediates].map(({ pem }) => pem).join('');
  return { kind: 'certificate', certificate: { leaf: leaf.der, chainPem, keyPem: leaf.privateKeyPem } };
}
