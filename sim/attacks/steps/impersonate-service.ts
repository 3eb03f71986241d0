import { z } from 'zod';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { addDuration } from '../../../core/time/duration.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { definition } from '../../scenario/words/words.ts';
import type { Attacker } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import type { FalseServer } from '../wires.ts';

/** Where devices call, somebody else answers for the service and keeps the token that he is shown. */
export const impersonateServiceStep = hostileStep({
  name: 'impersonate-service',
  summary:
    'An attacker answers under the name of the service in the network of the devices, and keeps the token he is shown.',
  registers: false,
  shorthand: 'as',
  args: z.strictObject({
    plain: z.boolean().default(false).meta({
      description:
        'true: MQTT on port 1883, where nobody has to show a certificate. Else HTTPS, under a root of his own making.',
    }),
    as: definition('loot', 'Name for the last token that he is shown.'),
  }),
  run: async (attacker, { plain, as }) => {
    attacker.keep(as, { kind: 'nothing', why: 'nobody showed him a token' });
    const hear = (token: string): void => {
      attacker.keep(as, { kind: 'token', token });
      attacker.tell(globalEndpoint, 'somebody shows the false service a token');
    };
    await attacker.wires.answerFor(globalEndpoint, plain ? { hear } : { hear, identity: await selfMade(attacker) });
    attacker.tell(globalEndpoint, `somebody else answers under its name${plain ? ', on port 1883 without TLS' : ''}`);
  },
});

/** A certificate for the name of the service that is right in all but who vouches for it. */
async function selfMade({ clock, random }: Attacker): Promise<NonNullable<FalseServer['identity']>> {
  const span = { notBefore: clock.now(), notAfter: addDuration(clock.now(), 'P1Y') };
  const draw = random.fork('false service');
  const root = await mintCertificate({
    subject: { commonName: 'A root that anybody can make' },
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
