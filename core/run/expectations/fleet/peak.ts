import { meetsBound, readBound } from '../bound.ts';
import { boundText } from '../bound-word.ts';
import { defineWord } from '../define-word.ts';

export const peak = defineWord({
  name: 'peak',
  schema: boundText(
    ['/min'],
    '<= 1000/min',
    'The largest number of register requests that a fleet sends in one minute of the clock, such as "<= 1000/min".',
  ),
  ofFleet: ({ peakPerMinute }) => peakPerMinute,
  holds: (expected, actual) => {
    const bound = readBound(expected);
    return bound !== undefined && actual !== undefined && meetsBound(actual, bound);
  },
  show: (actual) => `${actual}/min`,
});
