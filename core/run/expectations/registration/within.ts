import { duration } from '../../../schema/duration.ts';
import { addDuration } from '../../../time/duration.ts';
import { defineWord } from '../define-word.ts';

export const within = defineWord({
  name: 'within',
  schema: duration('The longest duration of the attempt, including its waits.'),
  ofRegistration: ({ took }) => took,
  holds: (expected, actual) => actual !== undefined && addDuration(0, actual) <= addDuration(0, expected),
});
