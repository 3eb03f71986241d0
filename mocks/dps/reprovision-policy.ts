import type { ReprovisionPolicy } from '../../core/wire/enrollment.ts';

/** The default policy: DPS chooses the hub again and migrates the data of the device. */
export const fullReprovisionPolicy: ReprovisionPolicy = { updateHubAssignment: true, migrateDeviceData: true };

/**
 * Returns the policy for a device that registers again. In the API versions before re-provisioning policies existed, a device
 * stayed at its first hub. Requests with such a version still get this behaviour, unless the enrollment has a policy.
 */
export function reprovisionPolicyOf(given: ReprovisionPolicy | undefined, apiVersion: string): ReprovisionPolicy {
  if (given !== undefined) return given;
  return apiVersion <= lastWithoutPolicies
    ? { updateHubAssignment: false, migrateDeviceData: true }
    : fullReprovisionPolicy;
}

const lastWithoutPolicies = '2018-04-01';
