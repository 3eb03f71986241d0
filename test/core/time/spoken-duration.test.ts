import { expect, test } from 'vitest';
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
