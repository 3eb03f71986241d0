import { z } from 'zod';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { addDuration } from '../../../core/time/duration.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { definition } from '../../scenario/words/words.ts';
import type { Attacker } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import type { FalseServer } from '../wires.ts';

export const impersonateServiceStep = hostileStep({
  name: 'impersonate-service',
  summary:
    'An attacker runs a rogue server under the name of DPS in the network of the devices and keeps the tokens that they send.',
  registers: false,
  shorthand: 'as',
  args: z.strictObject({
    plain: z.boolean().default(false).meta({
      description:
        'true: MQTT on port 1883, without a server certificate. false: HTTPS, with a certificate below a self-made root.',
    }),
    as: definition('loot', 'Name for the last token that the rogue server gets.'),
  }),
  run: async (attacker, { plain, as }) => {
    attacker.keep(as, { kind: 'nothing', why: 'no device sent a token to the rogue server' });
    const hear = (token: string): void => {
      attacker.keep(as, { kind: 'token', token });
      attacker.tell(globalEndpoint, 'a device sends a token to the rogue server');
    };
    await attacker.wires.answerFor(globalEndpoint, plain ? { hear } : { hear, identity: await selfMade(attacker) });
    attacker.tell(globalEndpoint, `a rogue server answers under its name${plain ? ', on port 1883 without TLS' : ''}`);
  },
});

/**
 * Makes a server certificate with the host name of DPS, below a root that the attacker made. Only this root makes the certificate invalid.
 */
async function selfMade({ clock, random }: Attacker): Promise<NonNullable<FalseServer['identity']>> {
  const span = { notBefore: clock.now(), notAfter: addDuration(clock.now(), 'P1Y') };
  const draw = random.fork('false service');
  const root = await mintCertificate({
    subject: { commonName: 'Self-made root' },
    keys: await generateKeyPair('P-256'),
    ...span,
    ca: {},
    serialNumber: draw.bytes(16),
  });
  const leaf = await mintCertificate({
    subject: { commonName: globalEndpoint },
    keys: await generateKeyPair('P-256'),
    issuer: { certificate: root.certificate, keys: root.keys },
    ...span,
    dnsNames: [globalEndpoint],
    extendedKeyUsage: ['serverAuth'],
    serialNumber: draw.bytes(16),
  });
  return { chainPem: leaf.pem + root.pem, keyPem: leaf.privateKeyPem };
}
