import type { Attack } from './define-attack.ts';

export const secondHandDevice: Attack = {
  id: 'second-hand-device',
  title: 'A second-hand device still opens the door',
  needs: 'A device that its owner sold, gave away or threw out without ending its service.',
  does: 'Reads its key at home and registers in its name, for as long as the service knows it.',
  seen: 'A device that was written off and is in service again.',
  cleanup: 'An enrollment that names the device and is disabled; in a group it is one for each device that goes.',
};
