import type { Attack } from './define-attack.ts';

export const delegatedMakerAddsDevices: Attack = {
  id: 'delegated-maker-adds-devices',
  title: 'The maker of the chips adds devices of its own',
  needs: 'A key of the service API with the right to write enrollments, which was given away for a delivery.',
  does: 'Writes an enrollment for a chip that nobody ordered, and lets it register.',
  seen: 'More enrollments than chips were delivered; nothing else, for each of them is in order.',
  cleanup: 'The access is taken back, the list is compared with the deliveries, and what is on no delivery is deleted.',
};
