import { describe, expect, test } from 'vitest';
import type { Baseline, BaselineEntry, BaselineOutcome } from '../../../reports/baseline/baseline-shape.ts';
import { baselineShape } from '../../../reports/baseline/baseline-shape.ts';
import { baselineText } from '../../../reports/baseline/baseline-text.ts';
import { compareBaselines } from '../../../reports/baseline/compare.ts';
import { comparisonMarkdown, comparisonText } from '../../../reports/baseline/comparison-text.ts';
import { plainPaint } from '../../../reports/markup/paint.ts';

const assigned: BaselineOutcome = { device: 'meter', outcome: 'assigned', hub: 'hub-eu' };
const refused: BaselineOutcome = {
  device: 'meter',
  outcome: 'refused',
  check: 'token-signature-matches',
  errorCode: 401_000,
};

function suite(scenarios: Readonly<Record<string, Partial<BaselineEntry>>>): Baseline {
  const entries = Object.entries(scenarios).map(([id, entry]) => [
    id,
    { verdict: 'pass' as const, outcomes: [assigned], ...entry },
  ]);
  return { baseline: 1, scenarios: Object.fromEntries(entries) };
}

/** What differs, as `kind id sentence`, with a `!` where it closes the gate. */
function told(...args: Parameters<typeof compareBaselines>): readonly string[] {
  return compareBaselines(...args).map(
    ({ kind, id, sentence, isRegression }) => `${isRegression ? '!' : ''}${kind} ${id} ${sentence}`,
  );
}

describe('a run held against another', () => {
  test('differs in nothing from itself, also where nothing passed', () => {
    const same = suite({ a: {}, b: { verdict: 'fail', outcomes: [refused] }, c: { verdict: 'skipped', outcomes: [] } });
    expect(told(same, same, { slowerThan: 1.5 })).toEqual([]);
  });

  test.each([
    [{ verdict: 'fail' }, ['!verdict a was pass and is fail']],
    [{ verdict: 'unknown', outcomes: [] }, ['!verdict a was pass and is unknown']],
    [{ verdict: 'skipped', outcomes: [] }, ['!skipped a is skipped; its verdict was pass']],
    [
      { outcomes: [refused] },
      ['!outcome a meter was assigned to hub-eu and is refused by token-signature-matches (401000)'],
    ],
    [
      { outcomes: [{ ...assigned, hub: 'hub-us' }] },
      ['!outcome a meter was assigned to hub-eu and is assigned to hub-us'],
    ],
    [{ outcomes: [] }, ['!outcome a meter was assigned to hub-eu and is not there']],
    [
      { outcomes: [assigned, refused] },
      ['!outcome a meter, attempt 2, was not there and is refused by token-signature-matches (401000)'],
    ],
  ] as const)('tells %j', (now, expected) => {
    expect(told(suite({ a: {} }), suite({ a: now as Partial<BaselineEntry> }))).toEqual(expected);
  });

  test('tells another check and another error code from another outcome', () => {
    const old = suite({ a: { outcomes: [refused] } });
    const byCheck = suite({ a: { outcomes: [{ ...refused, check: 'enrollment-found' }] } });
    const byCode = suite({ a: { outcomes: [{ ...refused, errorCode: 401_002 }] } });
    expect(told(old, byCheck)[0]).toMatch(/^!check a meter was refused by token-signature-matches/);
    expect(told(old, byCode)[0]).toMatch(/^!error-code a .*401000.* is .*401002/);
  });

  test('what is gone closes the gate unless only a part was played; what is new or better does not', () => {
    const old = suite({ a: { covers: ['ek-roll'] }, b: { verdict: 'fail' } });
    const now = suite({ b: {}, c: {}, d: { verdict: 'fail' } });
    expect(told(old, now)).toEqual([
      '!gone a is gone; it was there before',
      'better b was fail and is pass',
      'new c is new',
      'new d is new, and its verdict is fail',
      '!coverage ek-roll is a topic that no scenario which passes covers any more',
    ]);
    expect(told(old, now, { isPart: true }).some((line) => line.startsWith('!'))).toBe(false);
  });

  test('a topic is lost when the only scenario that covers it fails', () => {
    const old = suite({ a: { covers: ['ek-roll'] } });
    expect(told(old, suite({ a: { covers: ['ek-roll'], verdict: 'fail' } }))).toContain(
      '!coverage ek-roll is a topic that no scenario which passes covers any more',
    );
  });

  test('a slower machine is no news, a slower scenario is', () => {
    const times = (one: number, rest: number) =>
      suite({ a: { wallMs: one }, b: { wallMs: rest }, c: { wallMs: rest }, d: { wallMs: rest } });
    expect(told(times(500, 500), times(1500, 1500), { slowerThan: 2 })).toEqual([]);
    expect(told(times(500, 500), times(3000, 600), { slowerThan: 2 })).toEqual([
      '!slower a took 3000 ms and 500 ms before: 5.0 times as long, where the middle scenario took 1.2 times as long',
    ]);
    expect(told(times(500, 500), times(3000, 600))).toEqual([]);
    // So little is noise.
    expect(told(times(20, 500), times(180, 500), { slowerThan: 2 })).toEqual([]);
  });
});

test('a baseline file is sorted, has a line for each device, and is read as it was written', () => {
  const baseline = suite({ b: { wallMs: 1234, covers: ['ek-roll'] }, a: { outcomes: [refused, assigned], wallMs: 7 } });
  const text = baselineText(baseline, true);
  expect(text).toMatchInlineSnapshot(`
    "{
      "baseline": 1,
      "scenarios": {
        "a": {
          "verdict": "pass",
          "wallMs": 7,
          "outcomes": [
            {"device":"meter","outcome":"refused","check":"token-signature-matches","errorCode":401000},
            {"device":"meter","outcome":"assigned","hub":"hub-eu"}
          ]
        },
        "b": {
          "verdict": "pass",
          "wallMs": 1200,
          "covers": ["ek-roll"],
          "outcomes": [
            {"device":"meter","outcome":"assigned","hub":"hub-eu"}
          ]
        }
      }
    }
    "
  `);
  expect(baselineShape.parse(JSON.parse(text)).scenarios['b']).toEqual({ ...baseline.scenarios['b'], wallMs: 1200 });
  expect(baselineText(baseline, false)).not.toContain('wallMs');
  expect(baselineText(suite({}), false)).toBe(
    baselineText(baselineShape.parse(JSON.parse(baselineText(suite({}), false))), false),
  );
});

test('what differs is told to people in lines and in Markdown, and odd names do no harm', () => {
  const odd = 'a|<b>\u001B[31m\n::error::';
  const differences = compareBaselines(suite({ [odd]: {}, z: { verdict: 'fail' } }), suite({ z: {} }));
  expect(comparisonText(differences, plainPaint)).toMatchInlineSnapshot(`
    "1 regression
      scenario gone            a|<b>\\u001B[31m ::error:: is gone; it was there before
    1 other difference
      better                   z was fail and is pass
    "
  `);
  expect(comparisonMarkdown(differences)).toMatchInlineSnapshot(`
    "**1 regression.**

    | | scenario | |
    |---|---|---|
    | **scenario gone** | a\\|\\<b\\>\\\\u001B\\[31m ::error:: | is gone; it was there before |
    | better | z | was fail and is pass |
    "
  `);
  expect(comparisonMarkdown([])).toBe('Nothing differs from the baseline.\n');
});
