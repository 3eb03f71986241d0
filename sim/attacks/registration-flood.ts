import type { Attack } from './define-attack.ts';

export const registrationFlood: Attack = {
  id: 'registration-flood',
  title: 'A flood of registrations uses up the quota',
  needs: 'The ID scope, which stands in every firmware, and a network.',
  does: 'Registers under invented names, with a key that fits none, until the service takes no more in this minute.',
  seen: 'Refusals of devices that nobody built, and then 429 for those of the customer.',
  cleanup: 'Nothing can be ended from here: devices have to come back later by themselves, and mostly they do.',
};
