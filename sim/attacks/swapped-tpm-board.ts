import type { Attack } from './define-attack.ts';

export const swappedTpmBoard: Attack = {
  id: 'swapped-tpm-board',
  title: 'The board with the TPM is swapped',
  needs: 'A few minutes alone with a device, and a board of the same kind.',
  does: 'Puts in a board of his own under the old label and waits for the new endorsement key to be enrolled.',
  seen: 'A device that is suddenly refused for its endorsement key, and somebody who asks for it to be enrolled anew.',
  cleanup: 'The enrollment goes back to the key that was read in the factory, and the board is looked for.',
};
