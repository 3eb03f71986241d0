import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { attempt } from '../../devices/attempt.ts';
import type { Device } from '../../devices/device.ts';
import { receivedCertificate, requestCertificate } from '../../devices/issued-credential.ts';
import { installRenewed } from '../../devices/renewal/renewal.ts';
import { renewalPlaces, renewalUses } from '../../world/renewal-places.ts';
import { reference, validity } from '../../scenario/words/words.ts';
import { trustedRoots } from '../../world/trusted-roots.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet. It must be switched on.'),
  roots: z
    .array(reference('root', 'Name of one of the server roots of the cloud.'))
    .optional()
    .meta({ description: 'Server roots that the device trusts after the update.' }),
  certificate: z
    .strictObject({
      from: reference('ca', 'CA of the manufacturer that signs the new certificate.'),
      validity: validity('Validity of the certificate from the time of the update.').default('P1Y'),
      keepsOld: z.boolean().default(true).meta({
        description: 'Whether the old certificate stays until the services have accepted the new certificate.',
      }),
    })
    .optional()
    .meta({ description: 'A certificate for a new key, which the device makes.' }),
});

export const updateOverTheAirStep = defineStep({
  name: 'update-over-the-air',
  summary: 'Devices that reach their hub receive new server roots or a new certificate there.',
  registers: true,
  args,
  uses: ['devices', ...renewalUses],
  run: async (world, words) => {
    await world.clock.all(world.devices.select(words.device).map((device) => () => update(device, words, world)));
  },
});

async function update(
  device: Device,
  words: z.output<typeof args>,
  world: StepWorld<(typeof renewalUses)[number]>,
): Promise<void> {
  await knownRegistrationId(device);
  const { telemetry } = await attempt(device, 'as-configured', world.network);
  if (telemetry !== 'accepted') {
    world.tell('manufacturer', device.name, 'the update does not reach it');
    return;
  }
  if (words.roots !== undefined) {
    device.trust(trustedRoots(world.cloud, words.roots));
    world.tell('device', device.name, `it is updated to trust ${words.roots.join(', ')}`);
  }
  if (words.certificate !== undefined) await renew(device, words.certificate, world);
}

async function renew(
  device: Device,
  words: NonNullable<z.output<typeof args>['certificate']>,
  world: StepWorld<(typeof renewalUses)[number]>,
): Promise<void> {
  if (device.attestation !== 'x509') {
    throw new StepProblem(
      `${device.name} attests by ${device.attestation}, but a certificate update needs \`attestation: x509\`; remove certificate or change the attestation`,
    );
  }
  if (world.pki.vendors.has(words.from)) {
    throw new StepProblem(
      `a vendor runs the CA "${words.from}", but an update needs a CA of the manufacturer; give the device renewal: { from: ${words.from} } instead`,
    );
  }
  const places = renewalPlaces(world);
  const registrationId = await knownRegistrationId(device);
  const request = await requestCertificate(registrationId, device.keys);
  const asked = await places.ask(words, { device, csr: request.csr, isInService: true });
  if (!asked.ok) {
    throw new StepProblem(
      `the CA "${words.from}" does not sign: ${asked.failure.sentence}; correct that before this step`,
    );
  }
  const next = receivedCertificate(
    asked.value.map((der) => der.toString('base64')),
    request,
  );
  const present = device.flash.certificate;
  if (next === undefined || present === undefined) {
    throw new StepProblem(`${device.name} has no certificate to renew; put issue-certificate before this step`);
  }
  places.announce(registrationId, present.leaf, next.leaf);
  const problem = await installRenewed(device, next, words.keepsOld, places);
  places.tell(device, problem === undefined ? 'its certificate is renewed' : `no new certificate: ${problem.sentence}`);
}
