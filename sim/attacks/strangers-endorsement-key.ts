import type { Attack } from './define-attack.ts';

export const strangersEndorsementKey: Attack = {
  id: 'strangers-endorsement-key',
  title: "An insider enrolls his own endorsement key for somebody else's place at the hub",
  needs: 'The key of a policy that may write enrollments, and any device with a TPM.',
  does: 'Enrolls his chip under a new registration ID and the device ID of another device, whose key for the hub it then gets.',
  seen: 'Two enrollments with one device ID, and an endorsement key that no list of the maker has.',
  cleanup:
    'The enrollment and the identity are deleted, the real device registers again for a new key, the policy is rolled.',
};
