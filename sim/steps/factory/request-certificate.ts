import { z } from 'zod';
import { failed, succeeded, type Result } from '../../../core/result.ts';
import { addDuration } from '../../../core/time/duration.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
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
  device: reference('device', 'Device or fleet. Each member makes its own key, which never leaves the member.'),
  from: reference('ca', 'CA of a vendor, reached over EST. Default: the device signs its own certificate.').optional(),
  line: z.enum(['connected', 'offline']).default('connected').meta({
    description: 'Whether the line has a network.',
  }),
  patience: duration('Longest time that the line waits for a slow or silent vendor.').default('PT1H'),
  checks: z.boolean().default(true).meta({
    description: 'Whether the line compares the certificate with the request before the installation.',
  }),
  validity: validityWord('Validity from the time of the step, if the device signs its own certificate.').default('P1Y'),
});

export const requestCertificateStep = defineStep({
  name: 'request-certificate',
  summary:
    'A device makes a key in its key store and gets a certificate for it, from a vendor over EST or self-signed.',
  args,
  // A production line without a network sends no request, so it does not need the vendor.
  uses: ['clock', 'devices', 'network', 'pki'],
  needs: ({ from, line }) => (line === 'connected' ? { vendor: from } : {}),
  run: async (world, words) => {
    // The waiting times of the devices run in parallel.
    await world.clock.all(
      world.devices.select(words.device).map((device) => async () => {
        if (device.attestation !== 'x509') {
          throw new StepProblem(
            `${device.name} attests by ${device.attestation}, but a certificate needs \`attestation: x509\`; name another device`,
          );
        }
        const commonName = await knownRegistrationId(device);
        const made =
          words.from === undefined
            ? succeeded(await selfSigned(world, device, commonName, words.validity))
            : await requested(world, device, commonName, words.from, words);
        if (!made.ok) {
          world.tell('manufacturer', device.name, `no certificate for ${commonName}: ${made.failure.sentence}`);
          return;
        }
        const former = device.flash.certificate;
        device.writeFlash({ certificate: made.value });
        await forgetKey(former);
        const signer = words.from ?? 'its own key';
        const read = parseCertificate(made.value.leaf);
        world.tell(
          'device',
          device.name,
          `it made a key and has a certificate for ${commonName}, signed by ${signer}`,
          read.ok ? [read.value] : undefined,
        );
      }),
    );
  },
});

/** Requests a certificate from a vendor. Returns a failure with the reason if the vendor issues no certificate. */
async function requested(
  world: Pick<World, 'clock' | 'network' | 'pki'>,
  device: Device,
  commonName: string,
  from: string,
  words: z.output<typeof args>,
): Promise<Result<InstalledCertificate>> {
  const vendor = requireVendor(world.pki, from);
  if (words.line === 'offline') return failed('offline', 'the line has no network to send a request');
  const request = await requestCertificate(commonName, device.keys);
  const received = await answerTo(request, vendor, commonName, words, world);
  if (!received.ok) await forgetKey(request.key.handshake);
  // The production line forwards the certificate and records it, so no later step has to read it out of the device.
  return received;
}

async function answerTo(
  request: CertificateRequest,
  { origin, authorization }: Pick<ThirdPartyPki, 'origin' | 'authorization'>,
  commonName: string,
  words: z.output<typeof args>,
  world: Pick<World, 'clock' | 'network'>,
): Promise<Result<InstalledCertificate>> {
  const now = world.clock.now();
  const asked = await askPatiently(
    () => askEst(origin, request.csr, { kind: 'station', authorization }),
    addDuration(now, words.patience) - now,
    world.clock,
  );
  if (!asked.ok) return asked;
  const received = receivedCertificate(
    asked.value.map((der) => der.toString('base64')),
    request,
  );
  if (received === undefined) return failed('no-certificate', 'the answer has no certificate');
  if (words.checks && !issuedFits(commonName, received.leaf, request.key.publicKey, world.network)) {
    return failed('wrong-certificate', 'the certificate does not match the request');
  }
  return succeeded(received);
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
