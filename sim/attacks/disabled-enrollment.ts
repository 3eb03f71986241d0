import type { Attack } from './define-attack.ts';

export const disabledEnrollment: Attack = {
  id: 'disabled-enrollment',
  title: 'The credentials of a device that was reported stolen are used',
  needs: 'A stolen device whose key can be read.',
  does: 'Registers as the device, again and again, for as long as the service lets it in.',
  seen: 'Registrations of a device that was reported stolen.',
  cleanup: 'The enrollment is disabled on the day of the theft, and the identity at the hub as well.',
};
