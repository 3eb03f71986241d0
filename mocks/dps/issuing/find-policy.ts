import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { noPolicies, type Authorities } from '../../registry/authorities.ts';
import type { PolicyRecord } from '../../registry/ca-record.ts';

/** The credential policy that an enrollment names. `expected` and `found` describe the comparison for the history. */
interface FoundPolicy {
  /** Undefined if the enrollment names no policy, or a policy, namespace or CA that the service does not have. */
  readonly policy?: PolicyRecord;
  readonly expected: string;
  readonly found: string;
}

/**
 * Finds the credential policy that issues the certificates of an enrollment. `certificatePolicyName` of 2026-11-01 and
 * `credentialPolicyName` of earlier API versions name the same policies; if both are given, DPS uses `certificatePolicyName`. A
 * namespace and a CA must match if the enrollment names them. If several namespaces have a policy of this name, the first one counts.
 */
export function findPolicy(
  enrollment: IndividualEnrollment | EnrollmentGroup,
  authorities: Pick<Authorities, 'policies'>,
): FoundPolicy {
  const { namespaceName, certificateAuthorityName, certificatePolicyName, credentialPolicyName } = enrollment;
  const policies = authorities.policies();
  const name = certificatePolicyName ?? credentialPolicyName;
  const isPlaced = certificatePolicyName !== undefined && (namespaceName ?? certificateAuthorityName) !== undefined;
  const policy = policies.find(
    (each) =>
      each.name === name &&
      (!isPlaced || (namespaceName ?? each.namespace) === each.namespace) &&
      (!isPlaced || (certificateAuthorityName ?? each.certificateAuthority) === each.certificateAuthority),
  );
  const show = (each: PolicyRecord): string => (isPlaced ? describe(each) : each.name);
  const named = { namespace: namespaceName, certificateAuthority: certificateAuthorityName, name: name ?? '' };
  return {
    ...(policy === undefined ? {} : { policy }),
    expected: policies.map(show).join(' or ') || (name === undefined ? 'a credential policy' : noPolicies),
    found: isPlaced ? describe(named) : (name ?? 'the enrollment names no policy'),
  };
}

interface Described {
  readonly namespace?: string | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly name: string;
}

function describe({ namespace, certificateAuthority, name }: Described): string {
  const around = [
    ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
    ...(certificateAuthority === undefined ? [] : [`CA ${certificateAuthority}`]),
  ];
  return [...around, `policy ${name}`].join(', ');
}
