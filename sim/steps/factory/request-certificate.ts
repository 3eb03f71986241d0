import { z } from 'zod';
import { addDuration } from '../../../core/time/duration.ts';
import { issueCertificate } from '../../../core/x509/mint/mint.ts';
import { defineStep } from '../define-step.ts';
import type { Device } from '../../devices/device.ts';
import type { InstalledCertificate } from '../../devices/flash.ts';
import { issuedFits } from '../../devices/issued-fits.ts';
import { receivedCertificate, requestCertificate, type CertificateRequest } from '../../devices/issued-credential.ts';
import { forgetKey } from '../../key-stores/forget-key.ts';
import { askPatiently } from '../../pki/ca-response.ts';
import { askEst } from '../../pki/est.ts';
import type { ThirdPartyPki } from '../../pki/third-party.ts';
import { duration, reference, validity as validityWord } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { requireVendor } from '../shared/require-vendor.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet; each makes a key of its own, which never leaves it.'),
  from: reference(
    'ca',
    'CA of a vendor, asked over EST; the device signs its own certificate where absent.',
  ).optional(),
  line: z.enum(['connected', 'offline']).default('connected').meta({
    description: 'Whether the place where this happens has a network.',
  }),
  patience: duration('How long the line waits for a vendor that is slow or does not answer.').default('PT1H'),
  checks: z.boolean().default(true).meta({
    description: 'Whether a certificate that came is held against what was asked for before it is installed.',
  }),
  validity: validityWord('From now on, where the device signs it itself.').default('P1Y'),
});

/** A device makes a key and asks for a certificate, on a line or on the bench of whoever deploys it. */
export const requestCertificateStep = defineStep({
  name: 'request-certificate',
  summary:
    'A device makes a key in its own store and gets a certificate for it, from a vendor over EST or signed by itself.',
  args,
  // An offline line asks nobody.
  uses: ['clock', 'devices', 'network', 'pki'],
  needs: ({ from, line }) => (line === 'connected' ? { vendor: from } : {}),
  run: async (world, words) => {
    // Side by side: one that waits does not keep the others waiting.
    await world.clock.all(
      world.devices.select(words.device).map((device) => async () => {
        if (device.attestation !== 'x509') throw new StepProblem(`${device.name} attests by ${device.attestation}`);
        const commonName = await knownRegistrationId(device);
        const made =
          words.from === undefined
            ? await selfSigned(world, device, commonName, words.validity)
            : await requested(world, device, commonName, words.from, words);
        if (typeof made === 'string') {
          world.tell('manufacturer', device.name, `no certificate for ${commonName}: ${made}`);
          return;
        }
        const former = device.flash.certificate;
        device.writeFlash({ certificate: made });
        await forgetKey(former);
        const signer = words.from ?? 'its own key';
        world.tell(
          'device',
          device.name,
          `it made a key and holds a certificate for ${commonName}, signed by ${signer}`,
        );
      }),
    );
  },
});

/** The certificate, or a sentence that says why there is none. */
async function requested(
  world: Pick<World, 'clock' | 'network' | 'pki'>,
  device: Device,
  commonName: string,
  from: string,
  words: z.output<typeof args>,
): Promise<InstalledCertificate | string> {
  const vendor = requireVendor(world.pki, from);
  if (words.line === 'offline') return 'the line has no network to ask over';
  const request = await requestCertificate(commonName, device.keys);
  const received = await answerTo(request, vendor, commonName, words, world);
  if (typeof received === 'string') await forgetKey(request.key.handshake);
  // The line passed it on, so it was seen; no need to read it out.
  return received;
}

async function answerTo(
  request: CertificateRequest,
  { origin, authorization }: Pick<ThirdPartyPki, 'origin' | 'authorization'>,
  commonName: string,
  words: z.output<typeof args>,
  world: Pick<World, 'clock' | 'network'>,
): Promise<InstalledCertificate | string> {
  const now = world.clock.now();
  const asked = await askPatiently(
    () => askEst(origin, request.csr, { kind: 'station', authorization }),
    addDuration(now, words.patience) - now,
    world.clock,
  );
  if (!asked.ok) return asked.failure.sentence;
  const received = receivedCertificate(
    asked.value.map((der) => der.toString('base64')),
    request,
  );
  if (received === undefined) return 'the answer had no certificate in it';
  if (words.checks && !issuedFits(commonName, received.leaf, request.key.publicKey, world.network))
    return 'it is not the one that was asked for';
  return received;
}

async function selfSigned(
  world: Pick<World, 'clock' | 'pki'>,
  device: Device,
  commonName: string,
  validity: string,
): Promise<InstalledCertificate> {
  const notBefore = world.clock.now();
  const { kind, publicKey, sign, handshake } = await device.keys.makeKeyPair('P-256');
  const leaf = await issueCertificate({
    subject: { commonName },
    publicKey,
    issuer: { keys: { kind, sign } },
    notBefore,
    notAfter: addDuration(notBefore, validity),
    extendedKeyUsage: ['clientAuth'],
    serialNumber: world.pki.serialNumber(`own certificate of ${device.name} at ${notBefore}`),
  });
  return { leaf: leaf.der, chainPem: leaf.pem, ...handshake, isDeviceMade: true };
}
