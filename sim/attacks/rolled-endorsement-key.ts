import type { Attack } from './define-attack.ts';

export const rolledEndorsementKey: Attack = {
  id: 'rolled-endorsement-key',
  title: 'The endorsement key is rolled so that a ban does not meet it',
  needs: 'A device with a TPM whose enrollment is disabled, and its owner password, as every owner has it.',
  does: 'Replaces the endorsement seed: the chip has a new key and with it a new name. Then asks to be enrolled as a new device.',
  seen: 'A new endorsement key on a board whose serial number is in the books under another.',
  cleanup: 'The new enrollment is disabled as well. Enroll by the list of the maker, in which no rolled key stands.',
};
