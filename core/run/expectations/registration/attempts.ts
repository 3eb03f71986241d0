import { z } from 'zod';
import { meetsBound, readBound } from '../bound.ts';
import { boundText } from '../bound-word.ts';
import { defineWord } from '../define-word.ts';

export const attempts = defineWord({
  name: 'attempts',
  schema: z.union([z.int().min(0), boundText([''], '<= 3', 'A comparison.')]).meta({
    description:
      'The number of registrations that the device started, or a comparison such as "<= 3". For a fleet that is simulated as numbers: the largest number that a device started.',
  }),
  ofRegistration: ({ attempts }) => attempts,
  ofFleet: ({ attempts }) => attempts.max,
  holds: (expected, actual) => {
    const bound = typeof expected === 'string' ? readBound(expected) : undefined;
    return bound === undefined ? expected === actual : actual !== undefined && meetsBound(actual, bound);
  },
});
