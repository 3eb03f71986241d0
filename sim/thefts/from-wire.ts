import { attestations } from '../devices/index.ts';
import type { Device } from '../devices/device.ts';
import { StepProblem, type World } from '../world.ts';
import { knownRegistrationId } from '../steps/registration-id.ts';
import type { Theft } from './theft.ts';

/** Records a token with which the device itself registers now, where something between it and the service reads along. */
export async function overhearToken({ cloud }: World, device: Device): Promise<Theft> {
  const { name, flash, attestation } = device;
  if (attestation !== 'symmetricKey') {
    throw new StepProblem(
      `${name} attests by ${attestation}; only attestation: symmetricKey sends a token that was made ahead`,
    );
  }
  const scope = flash.config?.idScope ?? cloud.idScope;
  const resource = `${scope}/registrations/${await knownRegistrationId(device)}`;
  const token = await attestations.symmetricKey.dpsToken(device, resource);
  if (token === undefined) throw new StepProblem(`${name} has no key yet to make a token with`);
  return { subject: name, loot: { kind: 'token', token }, sentence: 'one of its tokens is overheard' };
}
