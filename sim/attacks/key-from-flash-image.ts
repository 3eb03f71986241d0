import type { Attack } from './define-attack.ts';

export const keyFromFlashImage: Attack = {
  id: 'key-from-flash-image',
  title: 'A key is read from a firmware image',
  needs: 'One copy of the image: of a device from a shop, or from the place that updates are fetched from.',
  does: 'Looks for the key in the image and registers with it in the name of other devices.',
  seen: 'Nothing before the first forged registration: a copy of an image leaves no trace.',
  cleanup:
    'A new image with no key in it, and a key of its own for each device, which has to be brought to all of them.',
};
