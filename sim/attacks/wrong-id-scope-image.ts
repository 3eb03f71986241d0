import type { Attack } from './define-attack.ts';

export const wrongIdScopeImage: Attack = {
  id: 'wrong-id-scope-image',
  title: "An image carries somebody else's ID scope",
  needs: 'A hand in the image or in the tool that writes the configuration on the line.',
  does: 'Puts another ID scope in it, so that the devices leave the factory to call a service that is not theirs.',
  seen: 'Devices that were sold and never appear; whose scope it is, only the configuration says.',
  cleanup: 'Each device is opened and flashed again; found on the line, it is a minute for each.',
};
