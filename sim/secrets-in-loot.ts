import { keyMaterial } from './device-secrets.ts';
import type { Secret } from './secrets-ledger.ts';
import type { Loot, World } from './world.ts';

/** What a thief has copies of. The use of a key that stays where it is is no copy. */
export function secretsIn(
  loot: Loot,
  { factory: { secrets, inDevices } }: Pick<World, 'factory'>,
): readonly (Secret | undefined)[] {
  switch (loot.kind) {
    case 'symmetric-key':
    case 'group-key':
      return [secrets.of(loot.key)];
    case 'certificate':
      return [secrets.of(keyMaterial(loot.certificate))];
    case 'ca':
      return [secrets.of(loot.authority)];
    case 'chip':
      return inDevices.inChip(loot.chip);
    case 'use':
    case 'nothing':
      return [];
  }
}
