import { z } from 'zod';
import { checkWord } from '../../../schema/check-word.ts';
import { defineWord } from '../define-word.ts';
import { outcomeOfFleet, outcomeOfRegistration, outcomeOfStep, phraseOutcome, showOutcome } from '../outcome.ts';

export const refused = defineWord({
  name: 'refused',
  schema: z.union([checkWord, z.literal(true)]).meta({
    description: 'The check that rejected the device (see `rehearse list checks`); true means any check.',
  }),
  ofRegistration: outcomeOfRegistration,
  ofStep: outcomeOfStep,
  ofFleet: outcomeOfFleet,
  holds: (expected, actual) => actual?.outcome === 'refused' && (expected === true || expected === actual.check),
  show: showOutcome,
  phrases: phraseOutcome,
  expectsSuccess: () => false,
});
