import type { Attack } from './define-attack.ts';

export const leakedGroupKey: Attack = {
  id: 'leaked-group-key',
  title: 'A group key leaks',
  needs: 'The key of an enrollment group, from whoever manages it or from any place that it was copied to.',
  does: 'Derives the key of whatever registration ID he likes, also of devices that nobody has built, and registers.',
  seen: 'Devices in the group that no production record knows, and registrations of others that are already in service.',
  cleanup:
    'The group is closed or its key is rolled, and every device whose key was derived from it needs another: a recall.',
};
