import type { ReprovisionPolicy } from '../../core/wire/enrollment.ts';

/** What holds where an enrollment says nothing: the hub is chosen anew and the data moves along. */
export const fullReprovisionPolicy: ReprovisionPolicy = { updateHubAssignment: true, migrateDeviceData: true };

/**
 * What happens to a device that registers again. Before there were policies a device stayed at its first hub; who asks
 * with an api-version of that time is still served so, unless the enrollment has a policy.
 */
export function reprovisionPolicyOf(given: ReprovisionPolicy | undefined, apiVersion: string): ReprovisionPolicy {
  if (given !== undefined) return given;
  return apiVersion <= lastWithoutPolicies
    ? { updateHubAssignment: false, migrateDeviceData: true }
    : fullReprovisionPolicy;
}

const lastWithoutPolicies = '2018-04-01';
