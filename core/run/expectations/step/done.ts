import { z } from 'zod';
import { defineWord } from '../define-word.ts';
import { outcomeOfStep, phraseOutcome, showOutcome } from '../outcome.ts';

export const done = defineWord({
  name: 'done',
  schema: z.literal(true).meta({ description: 'true: no station and no auditor rejected anything in the step.' }),
  ofStep: outcomeOfStep,
  holds: (_expected, actual) => actual?.check === undefined,
  show: showOutcome,
  phrases: phraseOutcome,
  expectsSuccess: () => true,
});
