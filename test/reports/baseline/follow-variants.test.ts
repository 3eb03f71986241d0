import { describe, expect, test } from 'vitest';
import type { Baseline, BaselineEntry } from '../../../reports/baseline/baseline-shape.ts';
import { baselineShape } from '../../../reports/baseline/baseline-shape.ts';
import { baselineText } from '../../../reports/baseline/baseline-text.ts';
import { compareBaselines } from '../../../reports/baseline/compare.ts';

/** Returns a baseline with one file, whose matrix entries have these names. */
function matrix(variants: readonly string[], more: Readonly<Record<string, Partial<BaselineEntry>>> = {}): Baseline {
  const entries = variants.map((variant, index): [string, BaselineEntry] => [
    `expiry#${variant.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
    {
      verdict: 'pass',
      variant,
      row: index + 1,
      outcomes: [{ device: 'meter', outcome: 'assigned', hub: 'hub-eu' }],
      ...more[variant],
    },
  ]);
  return { baseline: 1, scenarios: Object.fromEntries(entries) };
}

const expired = {
  outcomes: [
    {
      device: 'meter',
      outcome: 'refused' as const,
      check: 'certificate-valid-now',
      errorCode: 401_002,
      why: 'expired 31 days ago',
    },
  ],
};

function differencesOf(old: Baseline, now: Baseline): readonly string[] {
  return compareBaselines(old, now).map(
    ({ kind, id, sentence, isRegression }) => `${isRegression ? '!' : ''}${kind} ${id} ${sentence}`,
  );
}

describe('a variant whose matrix value changed', () => {
  test('is reported as one difference with the changed value, both outcomes and the reason', () => {
    const old = matrix(['validity=P90D', 'validity=P2Y']);
    const now = matrix(['validity=P90D', 'validity=P10M'], { 'validity=P10M': expired });
    const sentence = 'validity P2Y → P10M: assigned → refused (certificate expired 31 days before)';
    expect(differencesOf(old, now)).toEqual([`!variant expiry#validity-p10m ${sentence}`]);
    const failing = matrix(['validity=P90D', 'validity=P10M'], { 'validity=P10M': { ...expired, verdict: 'fail' } });
    expect(differencesOf(old, failing)).toEqual([`!variant expiry#validity-p10m ${sentence}; verdict pass → fail`]);
  });

  test('is no regression if the outcome is the same or the verdict is better', () => {
    const [old, now] = [matrix(['validity=P2Y']), matrix(['validity=P3Y'])];
    expect(differencesOf(old, now)).toEqual([
      'variant expiry#validity-p3y validity P2Y → P3Y: the outcome is the same',
    ]);
    const failing = matrix(['validity=P10M'], { 'validity=P10M': { ...expired, verdict: 'fail' } });
    expect(differencesOf(failing, now)).toEqual([
      'variant expiry#validity-p3y validity P10M → P3Y: refused → assigned; verdict fail → pass',
    ]);
  });

  test('is reported with the check and the error code if the values of the check are unknown', () => {
    const [{ why: _why, ...outcome }] = expired.outcomes as [(typeof expired.outcomes)[0]];
    const now = matrix(['validity=P10M'], { 'validity=P10M': { outcomes: [outcome] } });
    expect(differencesOf(matrix(['validity=P2Y']), now)[0]).toContain(
      ': assigned → refused by certificate-valid-now (401002)',
    );
  });

  test('is reported with the first device that differs, and with the number of other attempts that differ', () => {
    const two = (outcomes: BaselineEntry['outcomes']) => ({
      outcomes: ['a', 'b'].flatMap((device) => outcomes.map((one) => ({ ...one, device }))),
    });
    const old = matrix(['validity=P2Y'], { 'validity=P2Y': two([{ device: '', outcome: 'assigned', hub: 'hub-eu' }]) });
    const now = matrix(['validity=P10M'], { 'validity=P10M': two(expired.outcomes) });
    expect(differencesOf(old, now)[0]).toMatch(
      /: a: assigned → refused \(certificate expired 31 days before\); 1 other attempt differs$/,
    );
  });

  test('is recognised by its other values, even if its position in the matrix changed too', () => {
    const old = matrix(['validity=P2Y, key=tpm', 'validity=P2Y, key=file']);
    const now = matrix(['validity=P10M, key=file', 'validity=P10M, key=tpm']);
    expect(differencesOf(old, now)).toEqual([
      'variant expiry#validity-p10m-key-file validity P2Y → P10M: the outcome is the same',
      'variant expiry#validity-p10m-key-tpm validity P2Y → P10M: the outcome is the same',
    ]);
  });

  test.each([
    ['all values of the matrix changed', ['v=1', 'v=2'], ['v=3', 'v=4'], ['v 1 → 3', 'v 2 → 4']],
    ['an entry was added elsewhere', ['v=1', 'v=2'], ['v=0', 'v=1', 'v=3'], ['v 2 → 3']],
    ['the author changed its name', ['long', 'short'], ['long', 'brief'], ['short → brief']],
    ['a value was added to each entry', ['v=1', 'v=2'], ['v=1, k=a', 'v=2, k=a'], ['k absent → a', 'k absent → a']],
    ['a value contains a comma', ['v=1, 2, k=a', 'v=3, k=b'], ['v=1, 4, k=a', 'v=3, k=b'], ['v 1, 2 → 1, 4']],
  ])('is recognised as the former variant if %s', (_case, before, after, changes) => {
    const found = compareBaselines(matrix(before), matrix(after)).filter(({ kind }) => kind === 'variant');
    expect(found.map(({ sentence }) => sentence.replace(': the outcome is the same', ''))).toEqual(changes);
  });

  test.each([
    ['an entry was removed beside it', ['v=1', 'v=2', 'v=3'], ['v=4', 'v=3']],
    ['an entry was added beside it', ['v=1', 'v=3'], ['v=4', 'v=5', 'v=3']],
    ['two new entries resemble it equally', ['v=1, k=a'], ['v=2, k=a', 'v=3, k=a']],
    ['it has another value and another position', ['v=1', 'v=2'], ['v=2', 'v=3']],
    ['the new entry at its position has other keys', ['v=1'], ['k=1']],
  ])('is reported as removed and new if %s', (_case, before, after) => {
    const kinds = compareBaselines(matrix(before), matrix(after)).map(({ kind }) => kind);
    expect(kinds).not.toContain('variant');
    expect(kinds).toEqual(expect.arrayContaining(['gone', 'new']));
  });

  test('is reported as removed and new if the baseline is of an earlier version, which has no matrix entries', () => {
    const old: Baseline = { baseline: 1, scenarios: { 'expiry#validity-p2y': { verdict: 'pass', outcomes: [] } } };
    const kinds = compareBaselines(old, matrix(['validity=P10M'])).map(({ kind }) => kind);
    expect(kinds).toEqual(['new', 'gone']);
  });

  test('is in the baseline file with its name and position, but without the values of its checks, because these contain dates', () => {
    const baseline = matrix(['validity=P10M'], { 'validity=P10M': expired });
    const text = baselineText(baseline, false);
    expect(text).toContain('      "variant": "validity=P10M",\n      "row": 1,\n');
    expect(text).not.toContain('31 days');
    expect(baselineShape.parse(JSON.parse(text)).scenarios['expiry#validity-p10m']).toMatchObject({ row: 1 });
  });
});
