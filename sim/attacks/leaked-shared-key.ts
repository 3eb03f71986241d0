import type { Attack } from './define-attack.ts';

export const leakedSharedKey: Attack = {
  id: 'leaked-shared-key',
  title: 'A shared symmetric key leaks',
  needs: 'One device of the fleet, bought in a shop, or any copy of the key that all of them hold.',
  does: 'Signs tokens with the key in the name of every device whose registration ID can be guessed, and registers.',
  seen: 'Registrations of devices that are already in service, one after the other, from one place.',
  cleanup: 'The key of every enrollment is rolled, and every device in the field needs the new one: a recall.',
};
