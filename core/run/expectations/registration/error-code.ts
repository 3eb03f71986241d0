import { z } from 'zod';
import { defineWord } from '../define-word.ts';

export const errorCode = defineWord({
  name: 'errorCode',
  schema: z.int().meta({ description: "The service's own error code, such as 401002." }),
  ofRegistration: ({ errorCode }) => errorCode,
});
