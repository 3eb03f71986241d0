import { z } from 'zod';
import { defineWord } from '../define-word.ts';

export const telemetry = defineWord({
  name: 'telemetry',
  schema: z.enum(['accepted', 'refused', 'none']).meta({
    description: 'The answer of the hub to a telemetry message; none if the device sent no message.',
  }),
  ofRegistration: ({ telemetry }) => telemetry,
  expectsSuccess: (expected) => expected === 'accepted',
});
