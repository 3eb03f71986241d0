import { expect, test } from 'vitest';
import { isDuration } from '../../../core/time/duration.ts';
import { suggestedDuration } from '../../../core/time/suggested-duration.ts';

test.each([
  ['11 months', 'P11M'],
  ['30s', 'PT30S'],
  ['5m', 'PT5M'],
  ['5 min', 'PT5M'],
  ['1h30m', 'PT1H30M'],
  ['30 Days', 'P30D'],
  ['2 weeks', 'P2W'],
  ['1 year, 2 months 3d 4 hours', 'P1Y2M3DT4H'],
])('for "%s", the suggestion is %s', (text, expected) => {
  expect(suggestedDuration(text)).toBe(expected);
  expect(isDuration(expected)).toBe(true);
});

test.each(['', 'soon', '11', '11 lightyears', '3d 4d', 'P1X', '1.5 h', '-5 days', '5 days ago'])(
  'for "%s", there is no suggestion',
  (text) => {
    expect(suggestedDuration(text)).toBeUndefined();
  },
);
