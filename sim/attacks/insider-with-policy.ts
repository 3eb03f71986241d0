import type { Attack } from './define-attack.ts';
import { enrollByPolicy } from './steps/enroll-by-policy.ts';

export const insiderWithPolicy: Attack = {
  id: 'insider-with-policy',
  title: 'Somebody with the key of a policy enrolls a device of his own',
  needs: 'The key of a shared access policy, as it lies in scripts, tickets and chat logs.',
  does: 'Writes an enrollment over the service API with a key that he made, and registers with that key.',
  seen: 'An enrollment that no station wrote. The service notes the policy that wrote it and not the person.',
  cleanup: 'The keys of the policy are rolled, and every enrollment is held against the audit trail of the line.',
  steps: [enrollByPolicy],
};
