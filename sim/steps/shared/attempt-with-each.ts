import { attempt } from '../../devices/attempt.ts';
import type { Device } from '../../devices/device.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import type { World } from '../../world/world.ts';

/**
 * Each device with this name makes one attempt to get into service, all at the same virtual time.
 * @param prepare runs on each device before its attempt.
 */
export async function attemptWithEach(
  { clock, devices, network }: Pick<World, 'clock' | 'devices' | 'network'>,
  name: string,
  mode: 'as-configured' | 'register',
  prepare: (device: Device) => void = () => {},
): Promise<void> {
  await clock.all(
    devices.select(name).map((device) => async () => {
      prepare(device);
      await knownRegistrationId(device);
      await attempt(device, mode, network);
    }),
  );
}
