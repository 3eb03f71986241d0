import { expect, test } from 'vitest';
import { addDuration } from '../../../core/time/duration.ts';
import { spokenBetween } from '../../../core/time/spoken-between.ts';
import { spokenDuration } from '../../../core/time/spoken-duration.ts';

test.each([
  ['PT0S', 'no time'],
  ['P1D', '1 day'],
  ['P11M2DT4H', '11 months 2 days'],
  ['P1Y1M1D', '1 year 1 month'],
  ['PT61S', '61 seconds'],
  ['PT0.5S', '0.5 seconds'],
  ['P2W', '2 weeks'],
  ['soon', 'soon'],
])('`spokenDuration` formats %s as %s', (duration, words) => {
  expect(spokenDuration(duration)).toBe(words);
});

test.each([
  ['PT0S', 'no time'],
  ['PT6S', '6 seconds'],
  ['P1DT6S', '1 day 6 seconds'],
  ['P50D', '50 days'],
  ['P70DT2H', '70 days 2 hours'],
  ['P1M', '31 days'],
  ['P100D', '3 months 10 days'],
  ['P11M1D', '11 months 1 day'],
])('`spokenBetween` formats the time of %s after an instant as %s', (duration, words) => {
  const from = Date.UTC(2026, 0, 5, 8);
  expect(spokenBetween(from, addDuration(from, duration))).toBe(words);
});
