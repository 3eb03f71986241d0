import { z } from 'zod';
import { reference } from '../../../schema/reference.ts';
import { defineWord } from '../define-word.ts';
import { outcomeOfRegistration, showOutcome } from '../outcome.ts';

export const assigned = defineWord({
  name: 'assigned',
  schema: z.union([reference('hub', 'Name of the hub'), z.literal(true)]).meta({
    description:
      'The device was assigned to this hub, connected to it and its telemetry was accepted; true for any hub.',
  }),
  ofRegistration: outcomeOfRegistration,
  holds: (expected, actual) => actual?.outcome === 'assigned' && (expected === true || expected === actual.hub),
  show: showOutcome,
  expectsSuccess: () => true,
});
