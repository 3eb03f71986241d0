import { z } from 'zod';
import { freshKey } from '../../../core/random.ts';
import { defineStep } from '../define-step.ts';
import type { Device } from '../../devices/device.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

const slots = ['primary', 'secondary'] as const;

const args = z.strictObject({
  device: reference('device', 'Device or fleet whose own key is meant.').optional(),
  group: reference('group', 'Symmetric-key group whose key is meant.').optional(),
  slot: z.enum(slots).default('primary').meta({ description: 'Which of the two keys; the other one stays.' }),
  at: z.enum(['dps', 'hub']).default('dps').meta({
    description: 'With device: whether its enrollment or its identity at the hub gets the new key.',
  }),
});

/** The cloud operator makes a new key. Nobody is told: whoever lived by the former one finds out. */
export const rollKeyStep = defineStep({
  name: 'roll-key',
  summary: 'A symmetric key of an enrollment, a group or an identity at the hub is replaced by a new one.',
  args,
  uses: ['cloud', 'devices', 'factory'],
  needs: () => ({ service: true }),
  run: async (world, words) => {
    if ((words.group === undefined) === (words.device === undefined)) {
      throw new StepProblem('roll-key needs either device or group');
    }
    if (words.group !== undefined && words.at === 'hub') throw new StepProblem('at: hub goes with device');
    if (words.group !== undefined) rollGroup(world, words.group, words.slot);
    for (const device of words.device === undefined ? [] : world.devices.select(words.device)) {
      if (words.at === 'hub') rollAtHub(world, device, words.slot);
      else await rollEnrollment(world, device, words.slot);
    }
  },
});

type Slot = (typeof slots)[number];

function rollGroup(world: StepWorld<'cloud' | 'factory'>, id: string, slot: Slot): void {
  const group = world.cloud.operator.enrollmentGroup(id);
  if (group?.attestation.type !== 'symmetricKey') throw new StepProblem(`there is no group "${id}" by symmetric key`);
  const attestation = { ...group.attestation, [`${slot}Key`]: freshKey(64) };
  mustSucceed(world.cloud.operator.putEnrollmentGroup({ ...group, attestation }), 'the service rejects the new key');
  const { secrets } = world.factory;
  secrets.setContent(dpsSecretLocation(`group ${id}`), [
    secrets.findOrCreate(attestation.primaryKey, 'group-key', `new key of group ${id}`),
    secrets.findOrCreate(attestation.secondaryKey, 'group-key', `new secondary key of group ${id}`),
  ]);
  world.tell('cloud-operator', id, `the ${slot} key of the group is rolled`);
}

async function rollEnrollment(world: StepWorld<'cloud' | 'factory'>, device: Device, slot: Slot): Promise<void> {
  const registrationId = await knownRegistrationId(device);
  const enrollment = world.cloud.operator.enrollment(registrationId);
  if (enrollment?.attestation.type !== 'symmetricKey') {
    throw new StepProblem(`${device.name} has no individual enrollment by symmetric key; put enroll before roll-key`);
  }
  const attestation = { ...enrollment.attestation, [`${slot}Key`]: freshKey(64) };
  mustSucceed(world.cloud.operator.putEnrollment({ ...enrollment, attestation }), 'the service rejects the new key');
  const { secrets } = world.factory;
  secrets.setContent(dpsSecretLocation(`enrollment ${registrationId}`), [
    secrets.findOrCreate(attestation.primaryKey, 'symmetric-key', `new symmetric key of ${device.name}`),
    secrets.findOrCreate(attestation.secondaryKey, 'symmetric-key', `new secondary symmetric key of ${device.name}`),
  ]);
  world.tell('cloud-operator', device.name, `the ${slot} key of its enrollment is rolled`);
}

function rollAtHub(world: StepWorld<'cloud'>, { name, assigned: place }: Device, slot: Slot): void {
  if (place === undefined || !world.cloud.operator.rollHubKey(place.hub, place.deviceId, slot).ok) {
    throw new StepProblem(`${name} has no key at a hub; put power-on before roll-key`);
  }
  world.tell('cloud-operator', name, `the ${slot} key of its identity at ${place.hub} is rolled`);
}
