import type { Attack } from './define-attack.ts';

export const copiedSoftwareTpm: Attack = {
  id: 'copied-software-tpm',
  title: 'A TPM in software is copied',
  needs: 'The disk image of one device whose TPM is a program with its state in a file.',
  does: 'Starts the copy elsewhere: it has the same endorsement key and answers the challenge of the service.',
  seen: 'A device that registers again though it never lost its place, and changes its key for the hub each time.',
  cleanup: 'The enrollment is deleted, and the device needs a chip, which is another board.',
};
