import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoInstant, parseInstant } from '../../../core/time/clock.ts';
import { addDuration, durationBetween, isDuration } from '../../../core/time/duration.ts';

const at = (text: string): number => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`${text} is not an instant`);
  return instant;
};

describe('adding a duration to an instant', () => {
  test.each([
    ['2026-01-31T12:00:00Z', 'P1M', '2026-02-28T12:00:00.000Z'],
    ['2024-01-31T12:00:00Z', 'P1M', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29T00:00:00Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['2026-01-05T08:00:00Z', 'P11M', '2026-12-05T08:00:00.000Z'],
    ['2026-01-05T08:00:00Z', 'P90D', '2026-04-05T08:00:00.000Z'],
    ['2026-01-05T08:00:00Z', 'P2W', '2026-01-19T08:00:00.000Z'],
    ['2026-01-05T08:00:00Z', 'PT15M', '2026-01-05T08:15:00.000Z'],
    ['2026-01-05T08:00:00Z', 'PT0.25S', '2026-01-05T08:00:00.250Z'],
    ['2026-03-31T00:00:00Z', '-P1M', '2026-02-28T00:00:00.000Z'],
    ['2026-01-05T08:00:00Z', '-P1D', '2026-01-04T08:00:00.000Z'],
    // The time zone of the computer has no effect, although 29 March 2026 has 23 hours in most of Europe.
    ['2026-03-28T12:00:00Z', 'P1D', '2026-03-29T12:00:00.000Z'],
    ['2026-01-05T08:00:00Z', 'P1Y2M3DT4H5M6S', '2027-03-08T12:05:06.000Z'],
    ['2026-01-05T08:00:00Z', 'PT0S', '2026-01-05T08:00:00.000Z'],
  ])('%s plus %s is %s', (from, duration, to) => {
    expect(isoInstant(addDuration(at(from), duration))).toBe(to);
  });
});

describe('the text of a duration', () => {
  test.each([['P1Y'], ['P11M'], ['P90D'], ['PT15M'], ['-P1D'], ['P1W'], ['PT1.5H'], ['P0D']])(
    'is valid: %s',
    (text) => {
      expect(isDuration(text)).toBe(true);
    },
  );

  test.each([[''], ['P'], ['PT'], ['1D'], ['P1'], ['P1.5D'], ['PT1H2'], ['P1D '], ['1 day'], ['P-1D'], ['2026-01-01']])(
    'is invalid: %j',
    (text) => {
      expect(isDuration(text)).toBe(false);
    },
  );
});

describe('the duration between two instants', () => {
  test.each([
    ['2026-01-05T08:00:00Z', '2026-12-07T08:00:00Z', 'P11M2D'],
    ['2026-01-05T08:00:00Z', '2026-01-05T08:00:00Z', 'PT0S'],
    ['2026-01-05T08:00:00Z', '2046-01-05T08:00:07Z', 'P20YT7S'],
    ['2026-01-05T08:00:00Z', '2026-01-05T08:00:00.900Z', 'PT0S'],
  ])('from %s to %s is %s', (from, to, duration) => {
    expect(durationBetween(at(from), at(to))).toBe(duration);
  });

  test.each([
    ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', 'P1M'],
    ['2026-02-01T00:00:00Z', '2026-02-28T23:59:59Z', 'P27DT23H59M59S'],
    ['2026-02-01T00:00:00Z', '2026-02-25T00:00:00Z', 'P24D'],
    ['2026-02-01T00:00:00Z', '2026-02-01T10:00:07.999Z', 'PT10H7S'],
    ['2026-02-01T00:00:00Z', '2026-01-30T00:00:00Z', '-P2D'],
  ])('from the start of February, %s, to %s is %s', (from, to, duration) => {
    expect(durationBetween(at(from), at(to))).toBe(duration);
  });

  test('gives the later instant if it is added to the earlier instant', () => {
    const seconds = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, seconds, (one, other) => {
        const from = Math.min(one, other) * 1000;
        const to = Math.max(one, other) * 1000;
        expect(addDuration(from, durationBetween(from, to))).toBe(to);
      }),
      { numRuns: 150, seed: 20261124 },
    );
  });
});
