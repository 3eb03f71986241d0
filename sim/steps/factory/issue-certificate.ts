import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { commonNameLimit } from '../../../core/wire/registration-id.ts';
import type { Validity } from '../../../core/rules/is-valid-at.ts';
import { parseCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { buildsOf } from '../../devices/builds-of.ts';
import type { Device } from '../../devices/device.ts';
import type { InstalledCertificate } from '../../devices/flash.ts';
import { makeCertificate } from '../../pki/make-certificate.ts';
import { defineStep } from '../define-step.ts';
import { keyMaterial } from '../../secrets/device-secrets.ts';
import { forgetKey } from '../../key-stores/forget-key.ts';
import { keyStores } from '../../key-stores/index.ts';
import { reference, validity } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet. Each member gets its own certificate.'),
  from: reference('ca', 'CA that signs the certificate. Default: the certificate is self-signed.').optional(),
  validity: validity('Validity of the certificate from the time of the step.').default('P1Y'),
  key: z.enum(['P-256', 'RSA-2048']).default('P-256').meta({ description: 'Kind of key.' }),
  commonName: z
    .string()
    .max(commonNameLimit)
    .optional()
    .meta({ description: 'Common name. Default: the registration ID.' }),
  chain: z.enum(['full', 'leaf-only']).default('full').meta({
    description:
      'full: the step also installs the CA certificates between leaf and root. leaf-only: the step installs only the leaf.',
  }),
});

export const issueCertificateStep = defineStep({
  name: 'issue-certificate',
  summary: 'The manufacturer issues a certificate for a device and installs it with its key and chain.',
  args,
  fleets: { without: ['commonName'] },
  uses: ['devices', 'factory', 'pki', 'place'],
  needs: ({ from }) => ({ ca: from }),
  run: async (world, words) => {
    const order = orderFrom(world, words);
    const fleet = world.devices.fleets.get(words.device);
    if (fleet !== undefined) {
      const { validity, make } = order;
      await fleet.certify(validity, make, async (device) => {
        await install(world, [device], words, order);
      });
      return world.tell(
        'manufacturer',
        fleet.name,
        `${fleet.size} devices get certificates, signed by ${words.from ?? 'their own keys'}, valid for ${words.validity} (${words.chain} chain)`,
      );
    }
    for (const build of buildsOf(world.devices.select(words.device))) {
      const { commonName, issued } = await install(world, build, words, order);
      const signer = words.from ?? 'its own key';
      world.tell(
        'manufacturer',
        build[0].name,
        `a certificate for ${commonName}, signed by ${signer}, valid for ${words.validity}, is installed (${words.chain} chain)`,
        issued,
      );
    }
  },
});

interface Order {
  readonly validity: Validity;
  /** Makes a certificate as this step does, but with another validity. */
  readonly make: (device: Device, validity: Validity) => Promise<InstalledCertificate>;
}

/** Reads the arguments now, so that a simulated device that becomes real later gets the same certificate as at this instant. */
function orderFrom({ pki, place }: StepWorld<'pki' | 'place'>, words: z.output<typeof args>): Order {
  if (words.from !== undefined && pki.vendors.has(words.from)) {
    throw new StepProblem(
      `a vendor runs the CA "${words.from}" and keeps its key, but the manufacturer needs the key to sign; use request-certificate or order-batch`,
    );
  }
  const issuer = words.from === undefined ? undefined : pki.authorities.get(words.from);
  const notBefore = place.clock.now();
  const { key, chain } = words;
  return {
    validity: { notBefore, notAfter: addDuration(notBefore, words.validity) },
    make: (device, validity) => {
      const serialNumber = pki.serialNumber(`certificate of ${device.name} at ${validity.notBefore}`);
      return makeCertificate(device, {
        ...validity,
        commonName: nameFor(device, words),
        issuer,
        key,
        chain,
        serialNumber,
      });
    },
  };
}

function nameFor(device: Device, { commonName }: z.output<typeof args>): string {
  return commonName ?? device.registrationId ?? device.name;
}

/** Installs one certificate in all devices that share one key. Returns its common name, and the certificate itself. */
async function install(
  world: StepWorld<'factory' | 'place'>,
  build: readonly [Device, ...Device[]],
  words: z.output<typeof args>,
  { make, validity }: Order,
): Promise<{ readonly commonName: string; readonly issued: readonly Certificate[] }> {
  const [device] = build;
  if (device.attestation !== 'x509') {
    throw new StepProblem(
      `${device.name} attests by ${device.attestation}, but a certificate needs \`attestation: x509\`; name another device`,
    );
  }
  const former = device.flash.certificate;
  const certificate = await make(device, validity);
  // A key from a store that signs inside never leaves this store. Any other key was outside of the device for some time.
  if (!keyStores[device.keyStore].signsInside) {
    const { secrets } = world.factory;
    const name = `private key of ${device.name}`;
    secrets.handOver(secrets.create('private-key', name, keyMaterial(certificate)), world.place.station);
  }
  for (const each of build) each.writeFlash({ certificate });
  await forgetKey(former);
  const read = parseCertificate(certificate.leaf);
  return { commonName: nameFor(device, words), issued: read.ok ? [read.value] : [] };
}
