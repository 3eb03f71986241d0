import { expect, test } from 'vitest';
import type { EnrollmentGroup } from '../../../core/wire/enrollment.ts';
import { findPolicy } from '../../../mocks/dps/issuing/find-policy.ts';

const withoutPolicies = { policies: () => [] };

const group = (terms: Partial<EnrollmentGroup>): EnrollmentGroup => ({
  enrollmentGroupId: 'lamps',
  provisioningStatus: 'enabled',
  hubs: [],
  attestation: { type: 'symmetricKey', primaryKey: Buffer.alloc(64), secondaryKey: Buffer.alloc(64) },
  ...terms,
});

test('a service without policies expects a policy if the enrollment names none', () => {
  expect(findPolicy(group({}), withoutPolicies)).toEqual({
    expected: 'a credential policy',
    found: 'the enrollment names no policy',
  });
});

test('a service without policies says so if the enrollment names one', () => {
  expect(findPolicy(group({ credentialPolicyName: 'monthly' }), withoutPolicies)).toEqual({
    expected: 'no credential policy, because the service has none',
    found: 'monthly',
  });
});
