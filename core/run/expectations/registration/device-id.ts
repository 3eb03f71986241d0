import { z } from 'zod';
import { defineWord } from '../define-word.ts';

export const deviceId = defineWord({
  name: 'deviceId',
  schema: z.string().meta({ description: 'The device ID that DPS assigned.' }),
  ofRegistration: ({ deviceId }) => deviceId,
});
