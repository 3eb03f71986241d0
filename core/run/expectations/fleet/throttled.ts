import { meetsBound, readBound } from '../bound.ts';
import { boundText } from '../bound-word.ts';
import { defineWord } from '../define-word.ts';
import { percentage } from '../percentage.ts';

export const throttled = defineWord({
  name: 'throttled',
  schema: boundText(
    ['perdevice', '%'],
    '<= 3 per device',
    'Number of answers 429 that a fleet gets: "<= 3 per device" for each device, "<= 1 %" of all register requests.',
  ),
  ofFleet: ({ throttledPerDevice, throttled, requests }) => ({
    perDevice: throttledPerDevice.max,
    percent: percentage(throttled, requests),
  }),
  holds: (expected, actual) => {
    const bound = readBound(expected);
    if (bound === undefined || actual === undefined) return false;
    return meetsBound(bound.unit === '%' ? actual.percent : actual.perDevice, bound);
  },
  show: ({ perDevice, percent }) => `at most ${perDevice} per device, ${percent} % of all requests`,
});
