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

/** Returns each difference as `kind id sentence`, with a `!` before a regression. */
function differencesOf(...args: Parameters<typeof compareBaselines>): readonly string[] {
  return compareBaselines(...args).map(
    ({ kind, id, sentence, isRegression }) => `${isRegression ? '!' : ''}${kind} ${id} ${sentence}`,
  );
}

describe('`compareBaselines`', () => {
  test('finds no difference between two equal runs, even if scenarios failed or were skipped', () => {
    const same = suite({ a: {}, b: { verdict: 'fail', outcomes: [refused] }, c: { verdict: 'skipped', outcomes: [] } });
    expect(differencesOf(same, same, { slowerThan: 1.5 })).toEqual([]);
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
    [{ outcomes: [] }, ['!outcome a meter was assigned to hub-eu and is absent']],
    [
      { outcomes: [assigned, refused] },
      ['!outcome a meter, attempt 2, was absent and is refused by token-signature-matches (401000)'],
    ],
  ] as const)('reports a changed scenario result: %j', (now, expected) => {
    expect(differencesOf(suite({ a: {} }), suite({ a: now as Partial<BaselineEntry> }))).toEqual(expected);
  });

  test('treats one outcome with `visits: 2` like two equal outcomes in a row', () => {
    const single = suite({ a: { outcomes: [assigned, assigned, assigned, refused] } });
    const summarised = suite({ a: { outcomes: [assigned, { ...assigned, visits: 2 }, refused] } });
    const shorter = suite({ a: { outcomes: [assigned, { ...assigned, visits: 1 }, refused] } });
    expect(differencesOf(single, summarised)).toEqual([]);
    expect(differencesOf(summarised, single)).toEqual([]);
    expect(differencesOf(single, shorter)).toEqual([
      '!outcome a meter, attempt 3, was assigned to hub-eu and is refused by token-signature-matches (401000)',
      '!outcome a meter, attempt 4, was refused by token-signature-matches (401000) and is absent',
    ]);
  });

  test('distinguishes a changed check or error code from a changed outcome', () => {
    const old = suite({ a: { outcomes: [refused] } });
    const byCheck = suite({ a: { outcomes: [{ ...refused, check: 'enrollment-found' }] } });
    const byCode = suite({ a: { outcomes: [{ ...refused, errorCode: 401_002 }] } });
    expect(differencesOf(old, byCheck)[0]).toMatch(/^!check a meter was refused by token-signature-matches/);
    expect(differencesOf(old, byCode)[0]).toMatch(/^!error-code a .*401000.* is .*401002/);
  });

  test('reports a scenario that is missing from a complete run as a regression, but never a new or improved scenario', () => {
    const old = suite({ a: { covers: ['ek-roll'] }, b: { verdict: 'fail' } });
    const now = suite({ b: {}, c: {}, d: { verdict: 'fail' } });
    expect(differencesOf(old, now)).toEqual([
      '!gone a was removed',
      'better b was fail and is pass',
      'new c is new',
      'new d is new, and its verdict is fail',
      '!coverage ek-roll is no longer covered by a passing scenario',
    ]);
    expect(differencesOf(old, now, { isPart: true }).some((line) => line.startsWith('!'))).toBe(false);
  });

  test('reports a topic as no longer covered if its only scenario fails', () => {
    const old = suite({ a: { covers: ['ek-roll'] } });
    expect(differencesOf(old, suite({ a: { covers: ['ek-roll'], verdict: 'fail' } }))).toContain(
      '!coverage ek-roll is no longer covered by a passing scenario',
    );
  });

  test('reports a scenario that became slower, but not if the whole run became slower', () => {
    const times = (one: number, rest: number) =>
      suite({ a: { wallMs: one }, b: { wallMs: rest }, c: { wallMs: rest }, d: { wallMs: rest } });
    expect(differencesOf(times(500, 500), times(1500, 1500), { slowerThan: 2 })).toEqual([]);
    expect(differencesOf(times(500, 500), times(3000, 600), { slowerThan: 2 })).toEqual([
      '!slower a took 3000 ms instead of 500 ms: 6.0 times as long; the median of all scenarios is 1.2 times as long',
    ]);
    expect(differencesOf(times(500, 500), times(3000, 600))).toEqual([]);
    // A difference of less than 200 ms is noise.
    expect(differencesOf(times(20, 500), times(180, 500), { slowerThan: 2 })).toEqual([]);
  });

  test('compares a scenario that moved to another folder with its former result', () => {
    const old = suite({ 'attacks/x#way=a': {}, 'attacks/y': { outcomes: [refused] }, z: { wallMs: 500 } });
    const now = suite({ 'attacks/stolen-keys/x#way=a': {}, 'attacks/other/y': {}, z: { wallMs: 500 } });
    expect(differencesOf(old, now)).toEqual([
      'moved attacks/x#way=a → attacks/stolen-keys/x#way=a',
      'moved attacks/y → attacks/other/y',
      '!outcome attacks/other/y meter was refused by token-signature-matches (401000) and is assigned to hub-eu',
    ]);
  });

  test.each([
    ['two new files have its name', ['a/x'], ['b/x', 'c/x']],
    ['two removed files have its name', ['a/x', 'b/x'], ['c/x']],
    ['the variant differs', ['a/x#way=a'], ['b/x#way=b']],
    ['the former file still exists', ['a/x'], ['a/x', 'b/x']],
  ])('does not recognise a move if %s', (_case, before, after) => {
    const suiteOf = (ids: readonly string[]): Baseline => suite(Object.fromEntries(ids.map((id) => [id, {}])));
    const kinds = compareBaselines(suiteOf(before), suiteOf(after)).map(({ kind }) => kind);
    expect(kinds).not.toContain('moved');
    expect(kinds).toContain('new');
  });

  test('does not recognise a move in a partial run, because the former file may still exist', () => {
    expect(differencesOf(suite({ 'a/x': {} }), suite({ 'b/x': {} }), { isPart: true })).toEqual(['new b/x is new']);
  });
});

test('`baselineText` sorts scenarios, writes a line for each device, and can be parsed again', () => {
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

test('the texts of differences escape special characters in names, in plain text and in Markdown', () => {
  const odd = 'a|<b>\u001B[31m\n::error::';
  const differences = compareBaselines(suite({ [odd]: {}, z: { verdict: 'fail' } }), suite({ z: {} }));
  expect(comparisonText(differences, plainPaint)).toMatchInlineSnapshot(`
    "1 regression
      scenario removed         a|<b>\\u001B[31m ::error:: was removed
    1 other difference
      better                   z was fail and is pass
    "
  `);
  expect(comparisonMarkdown(differences)).toMatchInlineSnapshot(`
    "**1 regression.**

    | | scenario | |
    |---|---|---|
    | **scenario removed** | a\\|\\<b\\>\\\\u001B\\[31m ::error:: | was removed |
    | better | z | was fail and is pass |
    "
  `);
  expect(comparisonMarkdown([])).toBe('No differences from the baseline.\n');
});
