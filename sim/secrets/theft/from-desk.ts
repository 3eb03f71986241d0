import { requireAuthority } from '../../world/require-authority.ts';
import { hubHost } from '../../world/hub-host.ts';
import { StepProblem } from '../../world/step-problem.ts';
import type { World } from '../../world/world.ts';
import type { Theft } from './theft.ts';

/** Copies the key of a CA from the computer that signs with it. */
export function takeCaKey(world: Pick<World, 'pki'>, ca: string): Theft {
  const { minted, intermediates } = requireAuthority(world.pki.authorities, ca);
  const keyStore = world.pki.settings[ca]?.keyStore ?? 'file';
  if (keyStore !== 'file') {
    const why = `its key is in the ${keyStore}, which reveals no copy`;
    return { subject: ca, loot: { kind: 'nothing', why }, sentence: why };
  }
  const stolen = { name: ca, certificate: minted, keys: minted.keys, keyPem: minted.keyPem, intermediates };
  return { subject: ca, loot: { kind: 'ca', ca: stolen }, sentence: 'the attacker takes a copy of its key' };
}

/** Copies the primary key of a symmetric-key enrollment group from the computer that manages the group. */
export function takeGroupKey(world: Pick<World, 'cloud'>, group: string): Theft {
  const attestation = world.cloud.operator.enrollmentGroup(group)?.attestation;
  if (attestation?.type !== 'symmetricKey')
    throw new StepProblem(`${group} has no symmetric key; name an enrollment group with symmetricKey`);
  return {
    subject: group,
    loot: { kind: 'group-key', key: attestation.primaryKey },
    sentence: 'the attacker takes a copy of the group key',
  };
}

/** Copies the key of a shared access policy from the party to which `grant-access` gave it. */
export function takePolicyKey(world: Pick<World, 'cloud'>, policy: string): Theft {
  const access = world.cloud.accessKeys.get(policy);
  if (access === undefined)
    throw new StepProblem(`no party has a key of the policy "${policy}"; put grant-access before this step`, {
      stepsBefore: [{ 'grant-access': policy }],
    });
  return {
    subject: policy,
    loot: { kind: 'policy-key', policy, key: access.key },
    sentence: `the attacker takes a copy of the key of a policy with ${access.rights.join(', ') || 'no right'}`,
  };
}

/**
 * Copies the key of a hub policy from a program that has it, such as a dashboard.
 * @param policy default: `iothubowner`.
 */
export function takeHubKey(world: Pick<World, 'cloud' | 'factory'>, hub: string, policy = 'iothubowner'): Theft {
  const key = world.cloud.operator.hubPolicyKey(hubHost(hub), policy);
  if (key === undefined) {
    throw new StepProblem(
      `${hub} has no policy "${policy}"; a new hub has iothubowner, service, device, registryRead and registryReadWrite`,
    );
  }
  world.factory.secrets.findOrCreate(key, 'access-key', `key of policy ${policy} of ${hub}`);
  const sentence = `the attacker takes a copy of the key of its policy ${policy}`;
  return { subject: hub, loot: { kind: 'policy-key', policy, key }, sentence };
}
