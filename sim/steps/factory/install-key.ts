import { z } from 'zod';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { buildsOf } from '../../devices/builds-of.ts';
import { defineStep } from '../define-step.ts';
import type { Device } from '../../devices/device.ts';
import { forgetKey } from '../../key-stores/forget-key.ts';
import { reference } from '../../scenario/words/words.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { StepWorld, World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet that gets a symmetric key.'),
  from: z
    .enum(['enrollment-primary', 'enrollment-secondary', 'derived', 'group-key', 'shared'])
    .default('enrollment-primary')
    .meta({
      description:
        'Key that the step installs: the key of the individual enrollment, the key derived from a group key, the group key itself (a common mistake), or a key that several devices share.',
    }),
  group: reference('group', 'Enrollment group. Only with `from: derived` or `from: group-key`.').optional(),
  sharedKey: reference('key', 'Name of the shared key. Only with `from: shared`.').optional(),
});

export const installKeyStep = defineStep({
  name: 'install-key',
  summary: 'The manufacturer writes a symmetric key into a device.',
  args,
  fleets: true,
  uses: ['cloud', 'devices', 'factory', 'pki', 'place'],
  misuse: ({ from, group, sharedKey }, written) => {
    const isOfGroup = from === 'derived' || from === 'group-key';
    if (isOfGroup && group === undefined) {
      return 'from: derived and from: group-key need a symmetric-key group, found no group; add `group` with the ID of such a group';
    }
    if (from === 'shared' && sharedKey === undefined) {
      return '`from: shared` is used without `sharedKey`; add `sharedKey` with the name of a key under `keys:`';
    }
    // A matrix may vary `from` and leave the names of a group and a key in the step.
    if (written.includes('from')) return undefined;
    if (group !== undefined) {
      return '`group` is given, but `from` is not, so the key of the enrollment would be installed; add `from: derived`, or remove `group`';
    }
    if (sharedKey !== undefined) {
      return '`sharedKey` is given, but `from` is not, so the key of the enrollment would be installed; add `from: shared`, or remove `sharedKey`';
    }
    return undefined;
  },
  needs: ({ from, group, sharedKey }) => ({
    service: from === 'enrollment-primary' || from === 'enrollment-secondary',
    ...(from === 'derived' || from === 'group-key' ? { group } : {}),
    ...(from === 'shared' ? { key: sharedKey } : {}),
  }),
  run: async (world, words) => {
    const keyOf = keySource(world, words);
    const fleet = world.devices.fleets.get(words.device);
    if (fleet !== undefined) {
      await fleet.prepare((device) => install(world, [device], keyOf));
      return world.tell('manufacturer', fleet.name, `${fleet.size} devices get a symmetric key (${words.from})`);
    }
    for (const build of buildsOf(world.devices.select(words.device))) {
      await install(world, build, keyOf);
      world.tell('manufacturer', build[0].name, `a symmetric key (${words.from}) is installed`);
    }
  },
});

type KeySource = (registrationId: string) => Buffer;

/** Installs the key of the first device in all devices that share one key. */
async function install(
  world: StepWorld<'factory' | 'place'>,
  build: readonly [Device, ...Device[]],
  keyOf: KeySource,
): Promise<void> {
  const [device] = build;
  if (device.attestation !== 'symmetricKey') {
    throw new StepProblem(
      `${device.name} attests by ${device.attestation}, but a symmetric key needs \`attestation: symmetricKey\`; name another device`,
    );
  }
  const { secrets } = world.factory;
  const key = keyOf(await knownRegistrationId(device));
  const symmetricKey = await device.keys.keepSymmetricKey(key);
  const secret = secrets.findOrCreate(key, 'symmetric-key', `symmetric key of ${device.name}`);
  secrets.addMark(symmetricKey, secret);
  secrets.handOver(secret, world.place.station);
  const former = device.flash.symmetricKey;
  for (const each of build) each.writeFlash({ symmetricKey });
  await forgetKey(former);
}

/** Returns the keys as they are now. A later change of a group key does not change the returned keys. */
function keySource(world: Pick<World, 'cloud' | 'pki'>, words: z.output<typeof args>): KeySource {
  switch (words.from) {
    case 'enrollment-primary':
    case 'enrollment-secondary':
      return (registrationId) => {
        const attestation = world.cloud.operator.enrollment(registrationId)?.attestation;
        if (attestation?.type !== 'symmetricKey') {
          throw new StepProblem(
            `${registrationId} has no individual enrollment with symmetric keys; put enroll before install-key`,
            { stepsBefore: [{ enroll: words.device }] },
          );
        }
        return words.from === 'enrollment-primary' ? attestation.primaryKey : attestation.secondaryKey;
      };
    case 'derived': {
      const key = groupKey(world, words.group);
      return (registrationId) => deriveDeviceKey(key, registrationId);
    }
    case 'group-key': {
      const key = groupKey(world, words.group);
      return () => key;
    }
    case 'shared': {
      const key = words.sharedKey === undefined ? undefined : world.pki.sharedKeys.get(words.sharedKey);
      if (key === undefined) {
        throw new StepProblem(
          '`from: shared` is used without `sharedKey`; add `sharedKey` with the name of a key under `keys:`',
        );
      }
      return () => key;
    }
  }
}

function groupKey(world: Pick<World, 'cloud'>, group: string | undefined): Buffer {
  const attestation = group === undefined ? undefined : world.cloud.operator.enrollmentGroup(group)?.attestation;
  if (attestation?.type !== 'symmetricKey') {
    throw new StepProblem(
      `from: derived and from: group-key need a symmetric-key group, found ${group === undefined ? 'no group' : `"${group}"`}; add \`group\` with the ID of such a group`,
    );
  }
  return attestation.primaryKey;
}
