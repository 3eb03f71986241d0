import { z } from 'zod';
import { defineWord } from '../define-word.ts';

export const telemetry = defineWord({
  name: 'telemetry',
  schema: z.enum(['accepted', 'refused', 'none']).meta({
    description: 'Whether the hub accepted a telemetry message; none if the device sent none.',
  }),
  ofRegistration: ({ telemetry }) => telemetry,
  expectsSuccess: (expected) => expected === 'accepted',
});
