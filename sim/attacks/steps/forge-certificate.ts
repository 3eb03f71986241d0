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

/** An attacker makes a certificate in the name of a device, with a certificate and key that he has or in spite of them. */
export const forgeCertificateStep = hostileStep({
  name: 'forge-certificate',
  summary: 'An attacker makes a certificate in the name of a device, out of a certificate and key that were taken.',
  registers: false,
  args: z.strictObject({
    device: reference('device', 'Device whose name is taken.'),
    with: reference('loot', 'What was taken: the certificate of a device or of a CA, with its key.'),
    how: z.enum(ways).default('plain').meta({ description: 'plain signs with what was taken; others break a rule.' }),
    as: definition('loot', 'Name for what is made.'),
  }),
  run: async (attacker, { device, with: from, how, as }) => {
    const held = heldIn(attacker, attacker.held(from));
    const [target] = await attacker.targets(device);
    if (target === undefined) return attacker.refuse(`no device is called "${device}"`);
    const { registrationId } = target;
    const certificate = await forgeries[how]({ held, registrationId, attacker });
    attacker.keep(as, { kind: 'certificate', certificate });
    attacker.tell(device, `a certificate for ${registrationId} is forged (${how})`);
  },
});

/** @throws StepProblem where it is no certificate with a key that can be read. */
function heldIn(attacker: Attacker, loot: Loot): Held {
  if (loot.kind === 'ca') {
    const { certificate, keys, keyPem, intermediates } = loot.ca;
    const chainPem = intermediates.map(({ pem }) => pem).join('') || certificate.pem;
    const { der, certificate: authority } = certificate;
    return { certificate: authority, keys, der, chainPem, keyPem, authority };
  }
  if (loot.kind !== 'certificate' || !('keyPem' in loot.certificate)) {
    return attacker.refuse('a certificate is forged with the certificate and key of a device or of a CA');
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
  return result.ok ? result.certificate : attacker.refuse(`what was taken is ${result.problem}`);
}
