import { z } from 'zod';
import { defineStep } from '../define-step.ts';
import { secretsIn } from '../../secrets/secrets-in-loot.ts';
import { definition, reference } from '../../scenario/words/words.ts';
import { takeCaKey, takeGroupKey, takeHubKey, takePolicyKey } from '../../secrets/theft/from-desk.ts';
import { takeFromDevice } from '../../secrets/theft/from-device.ts';
import { takeFromStation } from '../../secrets/theft/from-station.ts';
import { overhearPolicy, overhearToken } from '../../secrets/theft/from-wire.ts';
import { readPublicKeys } from '../../secrets/theft/public-keys.ts';
import type { Theft } from '../../secrets/theft/theft.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';

const args = z.strictObject({
  device: reference('device', 'Device that is taken and whose key store is read.').optional(),
  group: reference('group', 'Symmetric-key group whose primary key leaks.').optional(),
  ca: reference('ca', 'CA on whose computer the files are read.').optional(),
  station: reference('station', 'Station whose computer is taken, with all that lies on it then.').optional(),
  token: z
    .union([z.literal(true), z.literal('hub')])
    .optional()
    .meta({
      description:
        'With device: only a token that it sends now is overheard, true when it registers and hub at its hub; with policy, a token for the list of enrollments. Nobody touches a key.',
    }),
  publicKeys: z.literal(true).optional().meta({
    description: 'With device: only what it tells everybody is read, the public keys of its TPM or its certificates.',
  }),
  policy: z.string().min(1).optional().meta({ description: 'Policy of grant-access whose key leaks.' }),
  hub: reference(
    'hub',
    'Hub of whose owner the key leaks; with policy, that policy of the hub, such as registryRead.',
  ).optional(),
  as: definition('loot', 'Name for what was taken.'),
});

/**
 * An attacker reads what a device, a station or a desk gives away. What it is depends on the key store: a copy, or the use of
 * the key until `return-device` or `reinstall-firmware` ends it.
 */
export const stealKeyStep = defineStep({
  name: 'steal-key',
  summary:
    'An attacker gets at the key of a device, a station, a group, a CA, a policy or a hub: a copy of it, or its use where it cannot be read.',
  args,
  uses: ['attack', 'clock', 'cloud', 'devices', 'factory', 'pki'],
  run: async (world, words) => {
    const { subject, loot, sentence } = await takeFrom(world, words);
    world.attack.loot.set(words.as, loot);
    const place = { party: 'attacker', place: `loot ${words.as}`, label: words.as } as const;
    world.factory.secrets.setContent(place, secretsIn(loot, world));
    world.tell('attacker', subject, sentence);
  },
});

async function takeFrom(
  world: Pick<World, 'attack' | 'clock' | 'cloud' | 'devices' | 'factory' | 'pki'>,
  words: z.output<typeof args>,
): Promise<Theft> {
  const { device: name, group, ca, station, policy, hub } = words;
  // The policy of a hub has the hub's name beside its own.
  if ([name, group, ca, station, hub ?? policy].filter((word) => word !== undefined).length !== 1) {
    throw new StepProblem('steal-key needs one of device, group, ca, station, policy and hub');
  }
  if (words.publicKeys === true && name === undefined) throw new StepProblem('publicKeys goes with device');
  if (words.token !== undefined && (name ?? policy) === undefined) {
    throw new StepProblem('token goes with device or policy');
  }
  if (group !== undefined) return takeGroupKey(world, group);
  if (ca !== undefined) return takeCaKey(world, ca);
  if (station !== undefined) return takeFromStation(world, station);
  if (hub !== undefined) return takeHubKey(world, hub, policy);
  if (policy !== undefined)
    return words.token === undefined ? takePolicyKey(world, policy) : overhearPolicy(world, policy);
  const [device] = world.devices.select(name ?? '');
  if (device === undefined) throw new StepProblem(`no device is called "${name}"`);
  if (words.publicKeys === true) return readPublicKeys(device);
  if (words.token !== undefined) return overhearToken(world, device, words.token === 'hub' ? 'hub' : 'dps');
  return takeFromDevice(world, device);
}
