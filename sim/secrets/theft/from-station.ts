import { defined } from '../../../core/defined.ts';
import type { Loot } from '../../attacks/loot.ts';
import { keyMaterial } from '../device-secrets.ts';
import type { Device } from '../../devices/device.ts';
import type { Station } from '../../world/station.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import { takeCaKey, takeGroupKey } from './from-desk.ts';
import type { Theft } from './theft.ts';

/**
 * Steals the computer of a station with all secrets on it: the keys that it works with, stored batches of certificates, and kept copies of
 * device keys. Deleted secrets are not on it.
 */
export function takeFromStation(world: Pick<World, 'cloud' | 'devices' | 'factory' | 'pki'>, name: string): Theft {
  const station = world.factory.stations.get(name);
  if (station === undefined)
    throw new StepProblem(`no station is called "${name}"; add it under \`stations:\` or name another`);
  const { cas, groups, keys } = station.holds;
  const items: Loot[] = [
    ...cas.map((ca) => takeCaKey(world, ca).loot),
    ...groups.map((group) => takeGroupKey(world, group).loot),
    ...keys.flatMap((key): readonly Loot[] => {
      const bytes = world.pki.sharedKeys.get(key);
      return bytes === undefined ? [] : [{ kind: 'symmetric-key', key: bytes }];
    }),
    ...storedBatches(world, station),
    ...keptCopies(world, name),
  ].filter(({ kind }) => kind !== 'nothing');
  return {
    subject: name,
    loot:
      items.length === 0 ? { kind: 'nothing', why: 'no secret was stored at the station' } : { kind: 'bundle', items },
    sentence:
      items.length === 0
        ? 'no secret is stored on it'
        : `${items.length} ${items.length === 1 ? 'secret on it is' : 'secrets on it are'} taken`,
  };
}

/** Returns the remaining certificates of the batches at a station. Each batch was ordered at this station or brought to it. */
function storedBatches({ pki: { batches } }: Pick<World, 'pki'>, { name, holds }: Station): readonly Loot[] {
  return [...batches]
    .filter(([batch, { location }]) => location.place === name || holds.batches.includes(batch))
    .flatMap(([, { certificates }]) =>
      [...certificates].map(([of, certificate]) => ({ kind: 'certificate', certificate, of }) as const),
    );
}

function keptCopies({ devices, factory }: Pick<World, 'devices' | 'factory'>, station: string): readonly Loot[] {
  const readable = new Set(factory.secrets.readableAt(station));
  const isReadable = (material: unknown): boolean => {
    const secret = factory.secrets.find(material);
    return secret !== undefined && readable.has(secret);
  };
  return [...devices.byName.values()].flatMap((device): readonly Loot[] => {
    const { symmetricKey, certificate } = device.flash;
    const of = ownerOf(device);
    return [
      ...(Buffer.isBuffer(symmetricKey) && isReadable(symmetricKey)
        ? [{ kind: 'symmetric-key', key: symmetricKey, ...of } as const]
        : []),
      ...(certificate !== undefined && isReadable(keyMaterial(certificate))
        ? [{ kind: 'certificate', certificate, ...of } as const]
        : []),
    ];
  });
}

function ownerOf({ registrationId }: Device): { readonly of?: string } {
  return defined({ of: registrationId });
}
