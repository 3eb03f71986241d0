import { z } from 'zod';
import { toPem } from '../../../core/x509/der/pem.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import type { Attacker } from '../attacker.ts';
import { hostileStep } from '../hostile-step.ts';
import { makeRequest, requestWays, type MadeRequest } from '../signing-request.ts';
import type { VendorAnswer, VendorClient } from '../wires.ts';

export const askVendorStep = hostileStep({
  name: 'ask-vendor',
  summary:
    'An attacker requests a certificate over EST from the vendor of a CA, with a guessed password or a stolen certificate.',
  shorthand: 'ca',
  args: z.strictObject({
    ca: reference('ca', 'CA of a vendor.'),
    name: z.string().min(1).meta({ description: 'Common name in the request.' }),
    how: z
      .enum(requestWays)
      .default('plain')
      .meta({ description: 'plain: the request follows every rule. Every other value breaks one rule.' }),
    with: reference(
      'loot',
      'Loot: the certificate that the attacker claims to renew. Default: the attacker sends a guessed password instead.',
    ).optional(),
    times: z.int().min(1).max(100).default(1).meta({ description: 'Number of requests at the same instant.' }),
    as: definition('loot', 'Name for the issued certificate.').optional(),
  }),
  run: async (attacker, { ca, name, how, with: loot, times, as }) => {
    const client = loot === undefined ? guess(attacker) : shown(attacker, loot);
    const got: VendorAnswer[] = [];
    await attacker.all(
      Array.from({ length: times }, () => async () => {
        const request = await makeRequest(name, how);
        const answer = await (attacker.wires.askVendor(ca, request.csr, client) ??
          attacker.refuse(
            `the manufacturer runs the CA "${ca}", but ask-vendor needs the CA of a vendor; name a CA with \`kind: third-party\``,
          ));
        got.push(answer);
        if (as !== undefined) keep(attacker, as, request, answer);
      }),
    );
    attacker.tell(ca, got.map(({ sentence }) => sentence).join('; '));
  },
});

function guess({ random }: Attacker): VendorClient {
  const password = random.fork('guessed password of a station').bytes(16).toString('hex');
  return { kind: 'station', authorization: `Basic ${Buffer.from(`station:${password}`).toString('base64')}` };
}

/**
 * Returns the certificate that the attacker presents to the vendor.
 * @throws StepProblem if the loot is not a certificate with its key.
 */
function shown(attacker: Attacker, name: string): VendorClient {
  const loot = attacker.held(name);
  return loot.kind === 'certificate'
    ? { kind: 'device', certificate: loot.certificate.leaf }
    : attacker.refuse(
        `loot "${name}" has the kind ${loot.kind}, but a certificate of a device is expected; name other loot`,
      );
}

function keep(attacker: Attacker, as: string, { keys }: MadeRequest, { certificates, sentence }: VendorAnswer): void {
  const [leaf] = certificates ?? [];
  if (certificates === undefined || leaf === undefined) {
    attacker.keep(as, { kind: 'nothing', why: sentence });
    return;
  }
  const keyPem = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  attacker.keep(as, {
    kind: 'certificate',
    certificate: { leaf, chainPem: certificates.map(toPem).join(''), keyPem },
  });
}
