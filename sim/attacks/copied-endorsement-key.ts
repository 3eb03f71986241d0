import { claimEndorsementKey } from './steps/claim-endorsement-key.ts';
import type { Attack } from './define-attack.ts';

export const copiedEndorsementKey: Attack = {
  id: 'copied-endorsement-key',
  title: 'The public keys of a TPM are copied',
  needs: 'The list of endorsement keys that the factory hands over, or a minute with the device.',
  does: 'Registers with the public keys, gets the challenge and signs with a guess of the key that is wrapped in it.',
  seen: 'A challenge of a device that is in service already, and an answer to it that does not hold.',
  cleanup: 'None: a public key is no secret. Where the TPM is software and was copied whole, the device is replaced.',
  steps: [claimEndorsementKey],
};
