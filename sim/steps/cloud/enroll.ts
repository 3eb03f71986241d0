import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
import type { IndividualAttestation } from '../../../core/wire/enrollment.ts';
import { freshKey } from '../../../core/random.ts';
import { defineStep } from '../define-step.ts';
import type { Device } from '../../devices/device.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { certificatePolicyNames, enrollmentTerms } from '../../world/enrollment-terms.ts';
import { certificatePolicyTerms } from '../../scenario/words/registry-words.ts';
import { allocationTerms } from '../../scenario/words/allocation-words.ts';
import { deviceIdAtHub, reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld, World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet; each member gets an individual enrollment.'),
  slot: z.enum(['primary', 'secondary']).default('primary').meta({
    description: 'X.509: the certificate that the step replaces in the enrollment. The other certificate stays.',
  }),
  sharedKey: reference('key', 'Symmetric key: enroll with this key. Default: keys that DPS generates.').optional(),
  endorsementKeyOf: reference(
    'device',
    'TPM: enroll the endorsement key of this device. Default: the key of the device itself.',
  ).optional(),
  deviceId: deviceIdAtHub.optional().meta({ description: 'Device ID at the hub. Default: the registration ID.' }),
  provisioningStatus: z
    .enum(['enabled', 'disabled'])
    .default('enabled')
    .meta({ description: 'Whether DPS accepts registrations by this enrollment.' }),
  credentialPolicy: reference('policy', 'Credential policy for devices that send a CSR.').optional(),
  ...certificatePolicyTerms,
  ...allocationTerms,
});

export const enrollStep = defineStep({
  name: 'enroll',
  summary: 'The cloud operator creates individual enrollments from the current credentials of the devices.',
  args,
  fleets: { without: ['deviceId', 'endorsementKeyOf'] },
  uses: ['cloud', 'devices', 'factory', 'pki'],
  needs: () => ({ service: true }),
  run: async (world, words) => {
    const fleet = world.devices.fleets.get(words.device);
    if (fleet !== undefined) {
      await fleet.prepare((device) => enroll(world, device, words));
      return world.tell('cloud-operator', fleet.name, `${fleet.size} devices are enrolled by ${fleet.attestation}`);
    }
    for (const device of world.devices.select(words.device)) {
      await enroll(world, device, words);
      const registrationId = device.registrationId ?? device.name;
      world.tell('cloud-operator', device.name, `${registrationId} is enrolled by ${device.attestation}`);
    }
  },
});

async function enroll(
  world: StepWorld<'cloud' | 'devices' | 'factory' | 'pki'>,
  device: Device,
  words: z.output<typeof args>,
): Promise<void> {
  const registrationId = await knownRegistrationId(device);
  const attestation = await attestationOf(world, device, registrationId, words);
  const result = world.cloud.operator.putEnrollment({
    registrationId,
    ...defined({ deviceId: words.deviceId }),
    attestation,
    provisioningStatus: words.provisioningStatus,
    ...certificatePolicyNames(words),
    ...enrollmentTerms(world.cloud.webhook, words),
  });
  mustSucceed(result, `DPS rejects the enrollment of ${registrationId}`);
  noteKeys(world, device, registrationId, attestation);
}

/** Records the keys of an enrollment at DPS. They replace the previous keys for this registration ID. */
function noteKeys(
  { factory: { secrets } }: Pick<World, 'factory'>,
  { name }: Device,
  registrationId: string,
  attestation: IndividualAttestation,
): void {
  const keys =
    attestation.type === 'symmetricKey'
      ? [
          secrets.findOrCreate(attestation.primaryKey, 'symmetric-key', `symmetric key of ${name}`),
          secrets.findOrCreate(attestation.secondaryKey, 'symmetric-key', `secondary symmetric key of ${name}`),
        ]
      : [];
  secrets.setContent(dpsSecretLocation(`enrollment ${registrationId}`), keys);
}

async function attestationOf(
  world: Pick<World, 'cloud' | 'devices' | 'pki'>,
  device: Device,
  registrationId: string,
  words: z.output<typeof args>,
): Promise<IndividualAttestation> {
  switch (device.attestation) {
    case 'x509':
      return certificates(world, device, registrationId, words);
    case 'tpm': {
      const source = words.endorsementKeyOf === undefined ? device : world.devices.select(words.endorsementKeyOf)[0];
      if (source?.tpm === undefined) {
        throw new StepProblem(
          `${words.endorsementKeyOf ?? device.name} has no TPM, but a TPM enrollment needs its endorsement key; name a device with a TPM under endorsementKeyOf`,
        );
      }
      const endorsementKey = source.notedEndorsementKey;
      if (endorsementKey === undefined) {
        throw new StepProblem(`the endorsement key of ${source.name} was not extracted; put extract-ek before enroll`, {
          stepsBefore: [{ 'extract-ek': words.endorsementKeyOf ?? words.device }],
        });
      }
      return { type: 'tpm', endorsementKey };
    }
    case 'symmetricKey': {
      const shared = words.sharedKey === undefined ? undefined : world.pki.sharedKeys.get(words.sharedKey);
      return { type: 'symmetricKey', primaryKey: shared ?? freshKey(64), secondaryKey: shared ?? freshKey(64) };
    }
  }
}

function certificates(
  world: Pick<World, 'cloud'>,
  device: Device,
  registrationId: string,
  { device: name, slot }: Pick<z.output<typeof args>, 'device' | 'slot'>,
): IndividualAttestation {
  const installed = device.flash.certificate;
  const leaf = installed?.isDeviceMade === true ? device.notedCertificate : installed?.leaf;
  if (leaf === undefined) {
    throw new StepProblem(
      installed === undefined
        ? `${device.name} has no certificate yet; put issue-certificate before enroll`
        : `the certificate that ${device.name} made was not extracted; put extract-certificate before enroll`,
      { stepsBefore: [{ [installed === undefined ? 'issue-certificate' : 'extract-certificate']: name }] },
    );
  }
  const former = world.cloud.operator.enrollment(registrationId)?.attestation;
  if (slot === 'primary') {
    return former?.type === 'x509' && former.secondary !== undefined
      ? { type: 'x509', primary: leaf, secondary: former.secondary }
      : { type: 'x509', primary: leaf };
  }
  if (former?.type !== 'x509')
    throw new StepProblem(`${registrationId} has no primary certificate; put enroll without slot before this step`, {
      stepsBefore: [{ enroll: name }],
    });
  return { type: 'x509', primary: former.primary, secondary: leaf };
}
