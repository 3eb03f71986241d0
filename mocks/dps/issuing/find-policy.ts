import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import type { IssuingCas } from '../../registry/issuing-cas.ts';

/** The credential policy that an enrollment names. `expected` and `found` describe the comparison for the history. */
interface FoundPolicy {
  /** Undefined if the enrollment names no policy, or a policy, namespace or CA that the service does not have. */
  readonly policy?: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * Finds the credential policy that issues the certificates of an enrollment. `certificatePolicyName` of 2026-11-01 and
 * `credentialPolicyName` of earlier API versions name the same policies; if both are given, DPS uses `certificatePolicyName`. A
 * namespace and a CA must match if the enrollment names them.
 */
export function findPolicy(enrollment: IndividualEnrollment | EnrollmentGroup, cas: IssuingCas): FoundPolicy {
  const { namespaceName, certificateAuthorityName, certificatePolicyName, credentialPolicyName } = enrollment;
  if (certificatePolicyName === undefined || (namespaceName ?? certificateAuthorityName) === undefined)
    return byName(certificatePolicyName ?? credentialPolicyName, cas);
  const place = cas.placeOf(certificatePolicyName);
  const isKnown =
    (namespaceName ?? place?.namespace) === place?.namespace &&
    (certificateAuthorityName ?? place?.certificateAuthority) === place?.certificateAuthority;
  return {
    ...(place !== undefined && isKnown ? { policy: certificatePolicyName } : {}),
    expected:
      cas
        .names()
        .map((name) => describe({ ...cas.placeOf(name), policy: name }))
        .join(' or ') || noPolicies,
    found: describe({
      namespace: namespaceName,
      certificateAuthority: certificateAuthorityName,
      policy: certificatePolicyName,
    }),
  };
}

function byName(policy: string | undefined, cas: IssuingCas): FoundPolicy {
  return {
    ...(policy !== undefined && cas.names().includes(policy) ? { policy } : {}),
    expected: cas.names().join(' or ') || noPolicies,
    found: policy ?? 'the enrollment names none',
  };
}

const noPolicies = 'no credential policy, because the service has none';

interface Described {
  readonly namespace?: string | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly policy: string;
}

function describe({ namespace, certificateAuthority, policy }: Described): string {
  const around = [
    ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
    ...(certificateAuthority === undefined ? [] : [`CA ${certificateAuthority}`]),
  ];
  return [...around, `policy ${policy}`].join(', ');
}
