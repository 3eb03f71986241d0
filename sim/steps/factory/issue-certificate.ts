import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { commonNameLimit } from '../../../core/wire/registration-id.ts';
import { issueCertificate } from '../../../core/x509/mint/mint.ts';
import { buildsOf } from '../../devices/builds-of.ts';
import type { Device } from '../../devices/device.ts';
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
      'full: the CA certificates between leaf and root are installed too. leaf-only: only the leaf is installed.',
  }),
});

export const issueCertificateStep = defineStep({
  name: 'issue-certificate',
  summary: 'The manufacturer issues a certificate for a device and installs it with its key and chain.',
  args,
  uses: ['devices', 'factory', 'pki', 'place'],
  needs: ({ from }) => ({ ca: from }),
  run: async (world, words) => {
    for (const build of buildsOf(world.devices.select(words.device))) await install(world, build, words);
  },
});

async function install(
  world: StepWorld<'factory' | 'pki' | 'place'>,
  build: readonly [Device, ...Device[]],
  words: z.output<typeof args>,
): Promise<void> {
  const [device] = build;
  if (device.attestation !== 'x509') {
    throw new StepProblem(
      `${device.name} attests by ${device.attestation}, and a certificate needs \`attestation: x509\`; name another device`,
    );
  }
  if (words.from !== undefined && world.pki.vendors.has(words.from)) {
    throw new StepProblem(
      `a vendor runs the CA "${words.from}" and keeps its key, and the manufacturer needs the key to sign; use request-certificate or order-batch`,
    );
  }
  const commonName = words.commonName ?? device.registrationId ?? device.name;
  const issuer = words.from === undefined ? undefined : world.pki.authorities.get(words.from);
  const notBefore = world.place.clock.now();
  const { kind, publicKey, sign, handshake } = await device.keys.makeKeyPair(words.key);
  const leaf = await issueCertificate({
    subject: { commonName },
    publicKey,
    issuer:
      issuer === undefined
        ? { keys: { kind, sign } }
        : { certificate: issuer.minted.certificate, keys: issuer.minted.keys },
    notBefore,
    notAfter: addDuration(notBefore, words.validity),
    extendedKeyUsage: ['clientAuth'],
    serialNumber: world.pki.serialNumber(`certificate of ${device.name} at ${notBefore}`),
  });
  const chain = words.chain === 'full' ? (issuer?.intermediates ?? []) : [];
  const chainPem = [leaf, ...chain].map(({ pem }) => pem).join('');
  const former = device.flash.certificate;
  const certificate = { leaf: leaf.der, chainPem, ...handshake };
  // A key from a store that signs inside never leaves it. Any other key was outside of the device for some time.
  if (!keyStores[device.keyStore].signsInside) {
    const { secrets } = world.factory;
    const name = `private key of ${device.name}`;
    secrets.handOver(secrets.create('private-key', name, keyMaterial(certificate)), world.place.station);
  }
  for (const each of build) each.writeFlash({ certificate });
  await forgetKey(former);
  const signer = words.from ?? 'its own key';
  world.tell(
    'manufacturer',
    device.name,
    `a certificate for ${commonName}, signed by ${signer}, valid ${words.validity}, is installed (${words.chain} chain)`,
    [leaf.certificate],
  );
}
