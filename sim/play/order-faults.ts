import { faultRule } from '../scenario/words/fault-words.ts';
import type { Device } from '../devices/device.ts';
import { knownRegistrationId } from '../world/known-registration-id.ts';
import type { World } from '../world/world.ts';

/** Schedules the faults that are active from the start of a scenario. A fault of a fleet applies to each member separately. */
export async function orderFaults(world: Pick<World, 'cloud' | 'devices'>): Promise<void> {
  for (const words of world.cloud.settings.faults) {
    const devices: readonly (Device | undefined)[] =
      words.device === undefined ? [undefined] : world.devices.select(words.device);
    for (const device of devices) {
      world.cloud.faults.add(faultRule(words, device === undefined ? undefined : await knownRegistrationId(device)));
    }
  }
}
