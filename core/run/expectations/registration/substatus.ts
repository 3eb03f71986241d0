import { z } from 'zod';
import { defineWord } from '../define-word.ts';

export const substatus = defineWord({
  name: 'substatus',
  schema: z.string().meta({ description: 'The substatus of the registration, such as initialAssignment.' }),
  ofRegistration: ({ substatus }) => substatus,
});
