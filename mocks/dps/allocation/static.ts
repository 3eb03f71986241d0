import type { AllocationPolicy } from './policy.ts';

/** The one hub that the enrollment names. */
export const staticHub: AllocationPolicy = (_registrationId, hubs) => (hubs.length === 1 ? hubs[0] : undefined);
