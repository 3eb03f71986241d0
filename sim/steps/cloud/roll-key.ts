import { z } from 'zod';
import { freshKey } from '../../../core/random.ts';
import { defineStep } from '../define-step.ts';
import type { Device } from '../../devices/device.ts';
import { dpsSecretLocation } from '../../secrets/dps-secret-location.ts';
import { reference } from '../../scenario/words/words.ts';
import { requireGroup } from '../shared/require-group.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { mustSucceed } from '../../world/must-succeed.ts';

const slots = ['primary', 'secondary'] as const;

const args = z.strictObject({
  device: reference('device', 'Device or fleet whose key is replaced.').optional(),
  group: reference('group', 'Symmetric-key group whose key is replaced.').optional(),
  slot: z.enum(slots).default('primary').meta({ description: 'The key that the step replaces. The other key stays.' }),
  at: z.enum(['dps', 'hub']).default('dps').meta({
    description:
      'With device. dps: the step replaces the key of its enrollment. hub: the step replaces the key of its identity at the hub.',
  }),
});

/** Replaces a symmetric key. Devices with the previous key learn of this only when their next attempt fails. */
export const rollKeyStep = defineStep({
  name: 'roll-key',
  summary: 'The cloud operator replaces a symmetric key of an enrollment, a group or an identity at the hub.',
  args,
  uses: ['cloud', 'devices', 'factory'],
  misuse: ({ device, group, at }) => {
    if ((group === undefined) === (device === undefined)) {
      return `${group === undefined ? 'neither `device` nor `group` is' : 'both `device` and `group` are'} given; give exactly one of them`;
    }
    if (group === undefined || at === 'dps') return undefined;
    return '`at: hub` is used with `group`, but a group has no identity at a hub; name a device instead';
  },
  needs: () => ({ service: true }),
  run: async (world, words) => {
    if (words.group !== undefined) rollGroup(world, words.group, words.slot);
    for (const device of words.device === undefined ? [] : world.devices.select(words.device)) {
      if (words.at === 'hub') rollAtHub(world, device, words.slot);
      else await rollEnrollment(world, device, words.slot);
    }
  },
});

type Slot = (typeof slots)[number];

function rollGroup(world: StepWorld<'cloud' | 'factory'>, id: string, slot: Slot): void {
  const group = requireGroup(world.cloud.operator, id);
  if (group.attestation.type !== 'symmetricKey') {
    throw new StepProblem(`group "${id}" attests by certificates and has no key to roll; name a symmetric-key group`);
  }
  const attestation = { ...group.attestation, [`${slot}Key`]: freshKey(64) };
  mustSucceed(world.cloud.operator.putEnrollmentGroup({ ...group, attestation }), 'DPS rejects the new key');
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
    throw new StepProblem(
      `${device.name} has no individual enrollment with symmetric keys; put enroll before roll-key`,
    );
  }
  const attestation = { ...enrollment.attestation, [`${slot}Key`]: freshKey(64) };
  mustSucceed(world.cloud.operator.putEnrollment({ ...enrollment, attestation }), 'DPS rejects the new key');
  const { secrets } = world.factory;
  secrets.setContent(dpsSecretLocation(`enrollment ${registrationId}`), [
    secrets.findOrCreate(attestation.primaryKey, 'symmetric-key', `new symmetric key of ${device.name}`),
    secrets.findOrCreate(attestation.secondaryKey, 'symmetric-key', `new secondary symmetric key of ${device.name}`),
  ]);
  world.tell('cloud-operator', device.name, `the ${slot} key of its enrollment is rolled`);
}

function rollAtHub(world: StepWorld<'cloud'>, { name, assigned: place }: Device, slot: Slot): void {
  if (place === undefined || !world.cloud.operator.rollHubKey(place.hub, place.deviceId, slot).ok) {
    throw new StepProblem(`${name} has no symmetric key at a hub; put power-on before roll-key`);
  }
  world.tell('cloud-operator', name, `the ${slot} key of its identity at ${place.hub} is rolled`);
}
