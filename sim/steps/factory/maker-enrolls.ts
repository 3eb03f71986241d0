import { z } from 'zod';
import { formatSas, signSas } from '../../../core/wire/sas.ts';
import { valueIn } from '../../../core/wire/value-in.ts';
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
  summary:
    'The TPM maker creates enrollments over the service API, with the granted key of a policy or as an application of Entra ID.',
  args: z.strictObject({
    device: reference(
      'device',
      'Device or fleet whose TPMs the TPM maker enrolls. It belongs to the manufacturer or to the TPM maker.',
    ),
    policy: z.string().min(1).optional().meta({ description: 'Name of a policy from grant-access.' }),
    application: z.string().min(1).optional().meta({
      description: 'Name of an application under `cloud: entra: applications:`, whose client secret the TPM maker has.',
    }),
  }),
  uses: ['cloud', 'devices', 'history', 'place'],
  misuse: ({ policy, application }) => {
    if ((policy === undefined) !== (application === undefined)) return undefined;
    const found = policy === undefined ? 'neither `policy` nor `application` is given' : 'both are given';
    return `${found}; give exactly one of \`policy\` and \`application\``;
  },
  needs: () => ({ service: true }),
  run: async (world, { device: name, policy, application }) => {
    const caller = callerOf(world, policy, application);
    for (const device of world.devices.select(name)) {
      const registrationId = await knownRegistrationId(device);
      const endorsementKey = await requireTpm(device).use((tpm) => tpm.endorsementKey());
      const status = await putEnrollment(world, caller, registrationId, endorsementKey);
      world.tell('tpm-maker', device.name, `DPS answers ${status} to its enrollment`);
    }
  },
});

type Caller =
  | { readonly policy: string; readonly key: Buffer }
  | { readonly clientId: string; readonly clientSecret: string; readonly tenantId: string };

function callerOf({ cloud }: Pick<World, 'cloud'>, policy?: string, application?: string): Caller {
  if (application !== undefined) {
    const { tenantId, applications } = cloud.entra;
    const found = applications.find((each) => each.name === application);
    if (found !== undefined) return { ...found, tenantId };
    throw new StepProblem(`Entra ID has no application "${application}"; add it under \`cloud: entra: applications:\``);
  }
  const key = cloud.accessKeys.get(policy ?? '')?.key;
  if (policy !== undefined && key !== undefined) return { policy, key };
  throw new StepProblem(`the TPM maker has no key of a policy "${policy}"; put grant-access before maker-enrolls`, {
    stepsBefore: [{ 'grant-access': policy }],
  });
}

type Place = Pick<World, 'cloud' | 'history' | 'place'>;

/** Returns the HTTP status of the response. The history has the decision of DPS with its reason. */
async function putEnrollment(
  world: Place,
  caller: Caller,
  registrationId: string,
  endorsementKey: Buffer,
): Promise<number> {
  const { host } = world.cloud.serviceAccess;
  const token = await tokenOf(world, caller, host);
  return withExchange(world, host, async (exchange) => {
    const { status } = await exchange.send({
      method: 'PUT',
      path: `/enrollments/${encodeURIComponent(registrationId)}?api-version=2021-10-01`,
      body: {
        registrationId,
        attestation: { type: 'tpm', tpm: { endorsementKey: endorsementKey.toString('base64') } },
      },
      token,
    });
    return status;
  });
}

/** Returns a token of the policy, or requests one from Entra ID with the client secret (RFC 6749 4.4). */
async function tokenOf(world: Place, caller: Caller, host: string): Promise<string> {
  if ('policy' in caller) {
    const [sr, se] = [encodeURIComponent(host), Math.floor(world.place.clock.now() / 1000) + 3600];
    return formatSas({ sr, sig: signSas(caller.key, sr, se), se, skn: caller.policy });
  }
  const { tenantId, clientId, clientSecret } = caller;
  const { status, body } = await withExchange(world, 'login.microsoftonline.com', (exchange) =>
    exchange.send({
      method: 'POST',
      path: `/${tenantId}/oauth2/v2.0/token`,
      form: {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://azure-devices-provisioning.net/.default',
      },
      token: undefined,
    }),
  );
  const token = valueIn(body, 'access_token');
  if (typeof token === 'string') return `Bearer ${token}`;
  throw new StepProblem(`Entra ID answers ${status} to the request for a token; check \`cloud: entra:\``);
}

/** Opens a connection of the TPM maker, calls `work` and closes it. */
async function withExchange<T>(
  { place: { clock }, history, cloud }: Place,
  host: string,
  work: (exchange: HttpsExchange) => Promise<T>,
): Promise<T> {
  const peer = { caller: 'TPM maker', host, port: cloud.ports.https, clock } as const;
  const exchange = await HttpsExchange.open({ ...peer, roots: cloud.usedServerRoots, checksValidity: true }, history);
  if (exchange === undefined) {
    throw new StepProblem(
      `the TPM maker does not trust the server ${host}; move this step into the years from 2000 to 2099, for which its certificate is valid`,
    );
  }
  try {
    return await work(exchange);
  } catch (error) {
    if (error instanceof ConnectionClosed) throw new StepProblem(error.message);
    throw error;
  } finally {
    exchange.close();
  }
}
