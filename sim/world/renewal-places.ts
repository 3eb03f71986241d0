import { addDuration } from '../../core/time/duration.ts';
import { issueCertificate } from '../../core/x509/mint/mint.ts';
import { readSigningRequest } from '../../core/x509/signing-request.ts';
import type { RenewalPlaces } from '../devices/renewal/renewal.ts';
import { succeeded } from '../../core/result.ts';
import { refusedByCa, unreachableCa, type CaResponse } from '../pki/ca-response.ts';
import type { Authority } from '../pki/authority.ts';
import { askEst } from '../pki/est.ts';
import { mustSucceed } from './must-succeed.ts';
import { StepProblem } from './step-problem.ts';
import type { StepWorld, World } from './world.ts';

/** The members of `World` that a certificate renewal uses. */
export const renewalUses = ['clock', 'cloud', 'network', 'pki'] as const;

/**
 * Returns the functions for certificate renewals in a simulated world: a vendor issues certificates over EST, and the manufacturer issues
 * them only to a device in service.
 */
export function renewalPlaces(world: StepWorld<(typeof renewalUses)[number]>): RenewalPlaces {
  return {
    network: world.network,
    ask: async ({ from, validity }, { device, csr, isInService }) => {
      const vendor = world.pki.vendors.get(from);
      const certificate = device.flash.certificate?.leaf;
      if (vendor !== undefined) {
        if (device.isOffline) return unreachableCa('the device has no network');
        if (certificate === undefined) return refusedByCa('the device has no certificate to renew');
        return askEst(vendor.origin, csr, { kind: 'device', certificate });
      }
      if (!isInService) return unreachableCa('the manufacturer reaches the device only through its hub');
      const authority = world.pki.authorities.get(from);
      if (authority === undefined)
        throw new StepProblem(`no CA is called "${from}"; add it under \`pki:\` or name another`);
      return sign(world, authority, csr, validity);
    },
    announce: (registrationId, present, next) => {
      const { operator } = world.cloud;
      const enrollment = operator.enrollment(registrationId);
      if (enrollment?.attestation.type !== 'x509') return;
      const attestation = { type: 'x509', primary: present, secondary: next } as const;
      mustSucceed(operator.putEnrollment({ ...enrollment, attestation }), 'DPS rejects the secondary certificate');
      world.tell('cloud-operator', registrationId, 'its next certificate is enrolled as the secondary certificate');
    },
    tell: (device, sentence) => world.tell('device', device.name, sentence),
  };
}

/** Signs the certificate signing request of a device with a CA of the manufacturer. */
async function sign(
  { clock, pki }: Pick<World, 'clock' | 'pki'>,
  authority: Authority,
  csr: string,
  validity: string,
): Promise<CaResponse<readonly Buffer[]>> {
  const read = readSigningRequest(csr);
  const [commonName] = read.ok ? read.value.commonNames : [];
  if (!read.ok || commonName === undefined) return refusedByCa('the request cannot be read');
  const now = clock.now();
  const notBefore = now - (now % 1000);
  const leaf = await issueCertificate({
    subject: { commonName },
    publicKey: read.value.publicKey,
    issuer: { certificate: authority.minted.certificate, keys: authority.minted.keys },
    notBefore,
    notAfter: addDuration(notBefore, validity),
    extendedKeyUsage: ['clientAuth'],
    serialNumber: pki.serialNumber(`renewal of ${commonName} at ${now}`),
  });
  return succeeded([leaf.der, ...authority.intermediates.map(({ der }) => der)]);
}
