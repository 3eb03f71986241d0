import { z } from 'zod';
import { formatSas, signSas } from '../../../core/wire/sas.ts';
import { defineStep } from '../define-step.ts';
import { reference } from '../../scenario/words/words.ts';
import { ConnectionClosed } from '../../transports/dps-connection.ts';
import { HttpsExchange } from '../../transports/https/https-exchange.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import { requireTpm } from '../shared/require-tpm.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

export const makerEnrollsStep = defineStep({
  name: 'maker-enrolls',
  judges: true,
  summary: 'The TPM maker creates enrollments over the service API, with the granted key of a policy.',
  args: z.strictObject({
    device: reference('device', 'Device or fleet whose TPMs are enrolled, of the manufacturer or of the TPM maker.'),
    policy: z.string().min(1).meta({ description: 'Name of a policy from grant-access.' }),
  }),
  uses: ['cloud', 'devices', 'history', 'place'],
  needs: () => ({ service: true }),
  run: async (world, { device: name, policy }) => {
    const key = world.cloud.accessKeys.get(policy)?.key;
    if (key === undefined) {
      throw new StepProblem(`the TPM maker has no key of a policy "${policy}"; put grant-access before maker-enrolls`, {
        stepsBefore: [{ 'grant-access': policy }],
      });
    }
    for (const device of world.devices.select(name)) {
      const registrationId = await knownRegistrationId(device);
      const endorsementKey = await requireTpm(device).use((tpm) => tpm.endorsementKey());
      const status = await putEnrollment(world, { policy, key }, registrationId, endorsementKey);
      world.tell('tpm-maker', device.name, `DPS answers ${status} to its enrollment`);
    }
  },
});

/** Returns the HTTP status of the response. The history has the decision of DPS with its reason. */
async function putEnrollment(
  world: Pick<World, 'cloud' | 'history' | 'place'>,
  { policy, key }: { readonly policy: string; readonly key: Buffer },
  registrationId: string,
  endorsementKey: Buffer,
): Promise<number> {
  const {
    place: { clock },
    history,
    cloud,
  } = world;
  const { host } = cloud.serviceAccess;
  const peer = { caller: 'TPM maker', host, port: cloud.ports.https, clock } as const;
  const exchange = await HttpsExchange.open({ ...peer, roots: cloud.usedServerRoots, checksValidity: true }, history);
  if (exchange === undefined) {
    throw new StepProblem(
      'the TPM maker does not trust the server of DPS; move this step into the years from 2000 to 2099, for which its certificate is valid',
    );
  }
  const [sr, se] = [encodeURIComponent(host), Math.floor(clock.now() / 1000) + 3600];
  try {
    const { status } = await exchange.send({
      method: 'PUT',
      path: `/enrollments/${encodeURIComponent(registrationId)}?api-version=2021-10-01`,
      body: {
        registrationId,
        attestation: { type: 'tpm', tpm: { endorsementKey: endorsementKey.toString('base64') } },
      },
      token: formatSas({ sr, sig: signSas(key, sr, se), se, skn: policy }),
    });
    return status;
  } catch (error) {
    if (error instanceof ConnectionClosed) throw new StepProblem(error.message);
    throw error;
  } finally {
    exchange.close();
  }
}
