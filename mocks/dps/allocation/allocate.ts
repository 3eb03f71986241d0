import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { AllocationPolicyName } from '../../../core/wire/enrollment.ts';
import { custom } from './custom.ts';
import { geoLatency } from './geo-latency.ts';
import { hashed } from './hashed.ts';
import type { Allocation, AllocationPolicy } from './policy.ts';
import { staticHub } from './static.ts';
import type { Claim } from '../claim.ts';
import type { Proof } from '../attestation/proof.ts';
import type { Enrollments } from '../enrollments.ts';
import { linkProblem } from '../hubs/link-problem.ts';
import type { LinkedHubs } from '../hubs/linked-hubs.ts';
import type { Registrations } from '../registrations.ts';
import { reprovisionPolicyOf } from '../reprovision-policy.ts';

/** The allocation policies by their name in an enrollment. */
const allocationPolicies: Readonly<Record<AllocationPolicyName, AllocationPolicy>> = {
  hashed,
  geoLatency,
  static: staticHub,
  custom,
};

/** The parts of the service that an allocation uses. */
interface Places extends CloudSettings {
  readonly linkedHubs: LinkedHubs;
  readonly registrations: Pick<Registrations, 'find'>;
  readonly enrollments: Enrollments;
}

/**
 * Chooses the hub for an attested device by the allocation policy of its enrollment, or by the policy of the service if
 * the enrollment has none. If the re-provisioning policy is "never", the device stays at its hub. Even then, the
 * service calls a custom webhook.
 */
export async function allocate(claim: Claim, proof: Proof, trace: DecisionTrace, places: Places): Promise<Allocation> {
  const { linkedHubs, registrations, enrollments, fidelity, history, allocationPolicy = 'hashed' } = places;
  const { enrollment } = proof;
  const name = enrollment.allocationPolicy ?? allocationPolicy;
  const candidates = linkedHubs.candidates(enrollment.hubs);
  const former = registrations.find(claim.registrationId);
  const stamp = enrollments.stampOf(enrollment);
  const stays =
    former !== undefined && !reprovisionPolicyOf(enrollment.reprovisionPolicy, claim.apiVersion).updateHubAssignment;
  const request = { claim, proof, stamp, former, linkedHubs: linkedHubs.all, candidates, fidelity, history, trace };
  const chosen: Allocation =
    stays && name !== 'custom' ? { kind: 'hub', host: former.hub } : await allocationPolicies[name](request);
  // The custom policy has already recorded the failed check.
  if (chosen.kind === 'none' && name === 'custom') return chosen;
  const host = stays ? former.hub : chosen.kind === 'hub' ? chosen.host : undefined;
  const expected = stays
    ? `${former.hub}: the re-provisioning policy of the enrollment is "never"`
    : `${name}: ${candidates.map((hub) => hub.host).join(' or ') || 'no linked hub'}`;
  if (!trace.check('hub-allocated', host !== undefined, expected, host ?? 'none')) return chosen;
  if (chosen.kind === 'none' || host === undefined) return chosen;
  const touched = former === undefined || former.hub === host ? [host] : [host, former.hub];
  for (const each of touched) {
    const link = linkedHubs.link(each);
    if (trace.check('hub-link-healthy', link === 'healthy', `healthy link to ${each}`, link)) continue;
    const problem = linkProblem(link, places.random, places.clock);
    if (problem !== undefined) return { kind: 'none', problem };
  }
  return { ...chosen, host };
}
