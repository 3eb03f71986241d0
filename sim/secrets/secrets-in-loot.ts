import type { Loot } from '../attacks/loot.ts';
import { keyMaterial } from './device-secrets.ts';
import type { Secret } from './secrets-ledger.ts';
import type { World } from '../world/world.ts';

/** Returns the secrets of which the attacker has copies. The mere use of a key in its store is not a copy. */
export function secretsIn(loot: Loot, world: Pick<World, 'factory' | 'pki'>): readonly (Secret | undefined)[] {
  const { secrets, inDevices } = world.factory;
  switch (loot.kind) {
    case 'symmetric-key':
    case 'group-key':
    case 'policy-key':
      return [secrets.find(loot.key)];
    case 'certificate':
      return [secrets.find(keyMaterial(loot.certificate))];
    case 'ca':
      return [secrets.find(world.pki.authorities.get(loot.ca.name))];
    case 'chip':
      return inDevices.inChip(loot.chip);
    case 'bundle':
      return loot.items.flatMap((item) => secretsIn(item, world));
    case 'public-keys':
    case 'public-chain':
    case 'token':
    case 'etag':
    case 'use':
    case 'nothing':
      return [];
  }
}
