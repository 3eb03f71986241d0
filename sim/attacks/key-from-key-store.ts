import type { Attack } from './define-attack.ts';

export const keyFromKeyStore: Attack = {
  id: 'key-from-key-store',
  title: 'A key is read from the key store of a device',
  needs: 'A device in his hands for an hour, with its case open.',
  does: 'Copies the key where the store gives it away, or leaves code behind that signs for him, and gives the device back.',
  seen: 'A device that was away, and later registrations in its name from another place.',
  cleanup:
    'The certificate is blocked and the device gets another; where the key never left its module, having it back is enough.',
};
