import { z } from 'zod';
import { defined } from '../../../core/defined.ts';
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
  device: reference('device', 'Device that the attacker steals, to read its key store.').optional(),
  group: reference('group', 'Symmetric-key group whose primary key leaks.').optional(),
  ca: reference('ca', 'CA whose key file the attacker copies.').optional(),
  station: reference(
    'station',
    'Station whose computer the attacker steals, with all secrets on this computer.',
  ).optional(),
  token: z
    .union([z.literal(true), z.literal('hub')])
    .optional()
    .meta({
      description:
        'The attacker records only a token. With device: the token that the device sends when it registers (true) or at its hub (hub). With policy: a token for the list of enrollments.',
    }),
  publicKeys: z.literal(true).optional().meta({
    description:
      'With device: the attacker reads only public data of the device, such as its certificates or the public keys of its TPM.',
  }),
  policy: z.string().min(1).optional().meta({ description: 'Policy from grant-access whose key leaks.' }),
  hub: reference(
    'hub',
    'Hub whose owner key leaks. With `policy`: the key of this policy of the hub leaks, for example of registryRead.',
  ).optional(),
  as: definition('loot', 'Name of the loot.'),
});

/**
 * Steals a key. The key store determines the loot: a copy of the key, or its use until `return-device` or `reinstall-firmware` ends the
 * access.
 */
export const stealKeyStep = defineStep({
  name: 'steal-key',
  summary:
    'An attacker steals the key of a device, a station, a group, a CA, a policy or a hub: a copy, or the ability to use the key if it cannot be read.',
  args,
  uses: ['attack', 'clock', 'cloud', 'devices', 'factory', 'pki'],
  misuse: misuseOf,
  run: async (world, words) => {
    const { subject, loot, sentence } = await takeFrom(world, words);
    world.attack.loot.set(words.as, loot);
    const place = { party: 'attacker', place: `loot ${words.as}`, label: words.as } as const;
    world.factory.secrets.setContent(place, secretsIn(loot, world));
    world.tell('attacker', subject, sentence);
  },
});

/** Returns the problem of arguments that name no source, two sources, or parts that their source does not have. */
function misuseOf({
  device,
  group,
  ca,
  station,
  policy,
  hub,
  publicKeys,
  token,
}: z.output<typeof args>): string | undefined {
  // `hub` and `policy` together name one source, the policy of a hub.
  const sources = Object.keys(defined({ device, group, ca, station, ...(hub === undefined ? { policy } : { hub }) }));
  if (sources.length !== 1) {
    return `${sources.length === 0 ? 'no source of a key is given' : `${sources.map((one) => `\`${one}\``).join(' and ')} are given`}; give exactly one of \`device\`, \`group\`, \`ca\`, \`station\`, \`policy\` and \`hub\``;
  }
  if (publicKeys === true && device === undefined) {
    return '`publicKeys` is used without `device`; add the device whose public keys the attacker reads';
  }
  if (token !== undefined && (device ?? policy) === undefined) {
    return '`token` is used without `device` and `policy`; add the device or the policy whose token the attacker records';
  }
  return undefined;
}

async function takeFrom(
  world: Pick<World, 'attack' | 'clock' | 'cloud' | 'devices' | 'factory' | 'pki'>,
  words: z.output<typeof args>,
): Promise<Theft> {
  const { device: name, group, ca, station, policy, hub } = words;
  if (group !== undefined) return takeGroupKey(world, group);
  if (ca !== undefined) return takeCaKey(world, ca);
  if (station !== undefined) return takeFromStation(world, station);
  if (hub !== undefined) return takeHubKey(world, hub, policy);
  if (policy !== undefined)
    return words.token === undefined ? takePolicyKey(world, policy) : overhearPolicy(world, policy);
  const [device] = world.devices.select(name ?? '');
  if (device === undefined)
    throw new StepProblem(`no device is called "${name}"; add it under \`devices:\` or name another`);
  if (words.publicKeys === true) return readPublicKeys(device);
  if (words.token !== undefined) return overhearToken(world, device, words.token === 'hub' ? 'hub' : 'dps');
  return takeFromDevice(world, device);
}
