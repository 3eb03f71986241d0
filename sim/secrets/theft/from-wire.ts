import { defined } from '../../../core/defined.ts';
import { formatSas, signSas } from '../../../core/wire/sas.ts';
import { attestations } from '../../devices/attestation/attestations.ts';
import type { Device } from '../../devices/device.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';
import { takePolicyKey } from './from-desk.ts';
import type { Theft } from './theft.ts';

/**
 * Records a token on its way from a device to a service. The device makes the token now; for a TPM registration, it is the answer to the
 * last challenge.
 * @param at service that receives the token: DPS, or the hub of the device.
 */
export async function overhearToken(
  { cloud }: Pick<World, 'cloud'>,
  device: Device,
  at: 'dps' | 'hub',
): Promise<Theft> {
  const { name, flash, attestation } = device;
  if (attestation === 'x509')
    throw new StepProblem(
      `${name} attests by x509 and sends no token; name a device that attests by symmetricKey or tpm`,
    );
  const sentence = 'the attacker records one of its tokens on the way';
  if (attestation === 'tpm' && at === 'dps') {
    const { lastAnswer } = device;
    if (lastAnswer === undefined)
      throw new StepProblem(`${name} has answered no challenge yet; put power-on before this step`, {
        stepsBefore: [{ 'power-on': name }],
      });
    const { tpm } = await attestations.tpm.registerBody(device, await knownRegistrationId(device));
    return {
      subject: name,
      loot: { kind: 'token', token: lastAnswer, ...defined({ tpm }) },
      sentence,
    };
  }
  const token =
    at === 'dps' ? await tokenForDps(device, flash.config?.idScope ?? cloud.idScope) : await tokenForHub(device);
  if (token === undefined)
    throw new StepProblem(`${name} has no key to make a token with; put install-key or power-on before this step`);
  return { subject: name, loot: { kind: 'token', token }, sentence };
}

/** Records a token on its way from a program that lists enrollments to the service API. */
export function overhearPolicy(world: Pick<World, 'clock' | 'cloud'>, policy: string): Theft {
  const { loot, subject } = takePolicyKey(world, policy);
  if (loot.kind !== 'policy-key') throw new StepProblem(`${policy} has no key to make a token with`);
  const sr = encodeURIComponent(`${world.cloud.serviceAccess.host}/enrollments`);
  const se = Math.floor(world.clock.now() / 1000) + 3600;
  const token = formatSas({ sr, sig: signSas(loot.key, sr, se), se, skn: policy });
  return { subject, loot: { kind: 'token', token }, sentence: 'the attacker records one of its tokens on the way' };
}

async function tokenForDps(device: Device, idScope: string): Promise<string | undefined> {
  return attestations[device.attestation].dpsToken(
    device,
    `${idScope}/registrations/${await knownRegistrationId(device)}`,
  );
}

async function tokenForHub(device: Device): Promise<string | undefined> {
  const { name, assigned, attestation } = device;
  if (assigned === undefined)
    throw new StepProblem(`${name} was never assigned to a hub; put power-on before this step`, {
      stepsBefore: [{ 'power-on': name }],
    });
  return attestations[attestation].hubToken(device, `${assigned.hub}/devices/${assigned.deviceId}`);
}
