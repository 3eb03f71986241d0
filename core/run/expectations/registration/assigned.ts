import { z } from 'zod';
import { reference } from '../../../schema/reference.ts';
import { defineWord } from '../define-word.ts';
import { outcomeOfRegistration, showOutcome } from '../outcome.ts';

export const assigned = defineWord({
  name: 'assigned',
  schema: z.union([reference('hub', 'Name of the hub'), z.literal(true)]).meta({
    description: 'Name of the hub that the device was assigned to and that accepted its telemetry; true means any hub.',
  }),
  ofRegistration: outcomeOfRegistration,
  holds: (expected, actual) => actual?.outcome === 'assigned' && (expected === true || expected === actual.hub),
  show: showOutcome,
  expectsSuccess: () => true,
});
