import type { Attack } from './define-attack.ts';
import { enrollElsewhere } from './steps/enroll-elsewhere.ts';

export const wrongIdScopeImage: Attack = {
  id: 'wrong-id-scope-image',
  title: "An image carries somebody else's ID scope",
  needs:
    'A hand in the image or in the tool that writes the configuration on the line; a provisioning service of his own.',
  does: 'Puts his ID scope in it and enrolls the devices by their public keys, so that they serve him from the first day.',
  seen: 'Devices that were sold and never appear; whose scope it is, only the configuration says.',
  cleanup: 'Each device is opened and flashed again; found on the line, it is a minute for each.',
  steps: [enrollElsewhere],
};
