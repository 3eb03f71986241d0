import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { parseCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { derOfPem } from '../../../core/x509/der/pem.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import type { Attacker } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import { forgeries, type Held } from '../forgeries.ts';
import type { Loot } from '../loot.ts';

const ways = Object.keys(forgeries) as [keyof typeof forgeries, ...(keyof typeof forgeries)[]];

export const forgeCertificateStep = hostileStep({
  name: 'forge-certificate',
  summary: 'An attacker forges a certificate in the name of a device, from a stolen certificate and its key.',
  registers: false,
  args: z.strictObject({
    device: reference('device', 'Device that the attacker impersonates.'),
    with: reference('loot', 'Loot: the certificate of a device or of a CA, with its key.'),
    how: z
      .enum(ways)
      .default('plain')
      .meta({ description: 'plain: the stolen key signs the certificate. Every other value breaks one rule.' }),
    as: definition('loot', 'Name for the forged certificate.'),
  }),
  run: async (attacker, { device, with: from, how, as }) => {
    const held = heldIn(attacker, attacker.held(from));
    const [target] = await attacker.targets(device);
    if (target === undefined)
      return attacker.refuse(`no device is called "${device}"; add it under \`devices:\` or name another`);
    const { registrationId } = target;
    const certificate = await forgeries[how]({ held, registrationId, attacker });
    attacker.keep(as, { kind: 'certificate', certificate });
    attacker.tell(device, `the attacker forges a certificate for ${registrationId} (${how})`);
  },
});

/**
 * Returns the certificate and the key for a forgery.
 * @throws StepProblem if the loot is not a certificate with a usable key.
 */
function heldIn(attacker: Attacker, loot: Loot): Held {
  if (loot.kind === 'ca') {
    const { certificate, keys, keyPem, intermediates } = loot.ca;
    const chainPem = intermediates.map(({ pem }) => pem).join('') || certificate.pem;
    const { der, certificate: authority } = certificate;
    return { certificate: authority, keys, der, chainPem, keyPem, authority };
  }
  if (loot.kind !== 'certificate' || !('keyPem' in loot.certificate)) {
    return attacker.refuse(
      `the loot is ${loot.kind === 'certificate' ? 'a certificate whose key cannot be read' : loot.kind}, but a certificate with its key is expected; steal one from a device or a CA with \`keyStore: file\``,
    );
  }
  const { leaf, chainPem, keyPem } = loot.certificate;
  const certificate = read(attacker, leaf);
  const privateKey = createPrivateKey(keyPem);
  const kind = privateKey.asymmetricKeyType === 'ec' ? 'P-256' : 'RSA-2048';
  const above = derOfPem(chainPem.slice(chainPem.indexOf(endOfPem) + endOfPem.length));
  return {
    certificate,
    keys: { kind, privateKey },
    der: leaf,
    chainPem,
    keyPem,
    authority: above === undefined ? certificate : read(attacker, above),
  };
}

const endOfPem = '-----END CERTIFICATE-----';

function read(attacker: Attacker, der: Buffer): Certificate {
  const result = parseCertificate(der);
  return result.ok
    ? result.value
    : attacker.refuse(`the stolen certificate cannot be read: ${result.failure.sentence}; name other loot`);
}
