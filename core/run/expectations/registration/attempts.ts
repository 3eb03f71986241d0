import { z } from 'zod';
import { defineWord } from '../define-word.ts';

export const attempts = defineWord({
  name: 'attempts',
  schema: z.int().min(0).meta({ description: 'The number of registrations that the device started.' }),
  ofRegistration: ({ attempts }) => attempts,
});
