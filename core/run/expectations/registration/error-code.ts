import { z } from 'zod';
import { defineWord } from '../define-word.ts';

export const errorCode = defineWord({
  name: 'errorCode',
  schema: z.int().meta({ description: 'Error code of the service, such as 401002.' }),
  ofRegistration: ({ errorCode }) => errorCode,
});
