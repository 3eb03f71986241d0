import { reference } from '../../../schema/reference.ts';
import { defineWord } from '../define-word.ts';

export const hub = defineWord({
  name: 'hub',
  schema: reference('hub', 'The hub that DPS assigned, whether or not the hub then accepted the device.'),
  ofRegistration: ({ hub }) => hub,
});
