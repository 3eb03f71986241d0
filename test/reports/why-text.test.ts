import { describe, expect, it, test } from 'vitest';
import { type CheckId, checks } from '../../core/checks.ts';
import { failedChecks } from '../../reports/sentences/failed-checks.ts';
import { stepReason } from '../../reports/sentences/step-reason.ts';
import { decidingPlaceText, whyText } from '../../reports/sentences/why-text.ts';
import { withSpokenDurations } from '../../reports/sentences/with-spoken-durations.ts';
import { failedStep, sampleRun } from './sample-playback.ts';

describe('the sentence why a run did not pass', () => {
  it('counts the days since a certificate expired', () => {
    const run = sampleRun('a', 'fail', failedStep('thermostat').reason, { stepVerdicts: [failedStep('thermostat')] });
    expect(whyText(run)).toBe(
      'thermostat: refused by certificate-valid-now: expired 245 days ago (valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026). Expected assigned: hub-eu',
    );
  });

  it('counts hours until a certificate becomes valid', () => {
    const trace = [
      {
        check: 'certificate-valid-now' as const,
        passed: false,
        expected: 'an instant from 2026-01-05T08:00:00.000Z to 2026-04-05T08:00:00.000Z',
        found: '2026-01-05T05:00:00.000Z: CN=thermostat is not valid yet',
      },
    ];
    const verdict = failedStep('thermostat', { trace });
    expect(whyText(sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] }))).toContain(
      'becomes valid in 3 hours (valid 5 Jan 2026 to 5 Apr 2026; now 5 Jan 2026)',
    );
  });

  it('counts the time since a token expired', () => {
    const trace = [
      {
        check: 'token-fresh' as const,
        passed: false,
        expected: 'expiry not before 2026-11-30T10:22:12.008Z',
        found: '2026-11-29T11:27:11.000Z',
      },
    ];
    const verdict = failedStep('sensor', { trace });
    expect(whyText(sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] }))).toBe(
      'sensor: refused by token-fresh: the token expired 23 hours 1 second ago (valid until 29 Nov 2026, 11:27 UTC). Expected assigned: hub-eu',
    );
  });

  it('counts the time since a token for a hub expired in the same way', () => {
    const trace = [
      {
        check: 'hub-token-fresh' as const,
        passed: false,
        expected: 'at most 5 min after 2026-03-06T07:33:41.000Z',
        found: '2026-03-06T08:00:06.000Z',
      },
    ];
    const verdict = failedStep('sensor', { trace });
    expect(whyText(sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] }))).toBe(
      'sensor: refused by hub-token-fresh: the token expired 26 minutes 25 seconds ago (valid until 6 Mar 2026, 07:33 UTC). Expected assigned: hub-eu',
    );
  });

  it('says what is wrong, with the expected and the found value, for a check that does not compare times', () => {
    const trace = [{ check: 'enrollment-found' as const, passed: false, expected: 'an enrollment', found: 'none' }];
    const verdict = failedStep('sensor', { trace });
    expect(whyText(sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] }))).toBe(
      'sensor: refused by enrollment-found: the device has no individual enrollment and matches no group (expected an enrollment; found none). Expected assigned: hub-eu',
    );
  });

  it('has the actual result if no check decided', () => {
    const verdict = failedStep('sensor', { trace: [], happened: 'assigned to hub-us' });
    expect(whyText(sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] }))).toBe(
      'sensor: assigned to hub-us; expected assigned: hub-eu',
    );
  });

  it('has the actual value of each word that differs, also if the refusal is the expected one', () => {
    const code = { word: 'errorCode', expected: 401_003, actual: 401_002, passed: false } as const;
    const verdict = failedStep('pump', {
      expected: 'refused: certificate-valid-now, errorCode: 401003',
      assertions: [
        { word: 'refused', expected: 'certificate-valid-now', passed: true },
        { ...code, difference: 'errorCode: expected 401003, actual 401002' },
      ],
    });
    expect(whyText(sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] }))).toContain(
      '. Expected refused: certificate-valid-now, errorCode: 401003 (actual 401002)',
    );
  });

  it('has the actual value of a word that no check decided', () => {
    const verdict = failedStep('pump', {
      trace: [],
      expected: 'within: PT5S, assigned: hub-west',
      happened: 'assigned to hub-west: hub-west.azure-devices.net accepted its telemetry',
      assertions: [
        { word: 'assigned', expected: 'hub-west', passed: true },
        {
          word: 'within',
          expected: 'PT5S',
          actual: 'PT6S',
          passed: false,
          difference: 'within: expected PT5S, actual PT6S',
        },
      ],
    });
    const run = sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] });
    expect(whyText(run)).toBe(
      'pump: assigned to hub-west: hub-west.azure-devices.net accepted its telemetry; expected within: PT5S (actual PT6S), assigned: hub-west',
    );
  });

  it('omits a value that is missing because of the refusal', () => {
    const missing = {
      word: 'hub',
      expected: 'hub-eu',
      passed: false,
      difference: 'hub: expected hub-eu, actual none',
    } as const;
    const verdict = failedStep('pump', { expected: 'assigned: true, hub: hub-eu', assertions: [missing] });
    expect(whyText(sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] }))).toMatch(
      /Expected assigned: true, hub: hub-eu$/,
    );
  });

  it('is the reason of the verdict if no expectation failed', () => {
    expect(whyText(sampleRun('a', 'unknown', 'swtpm ended with code 1'))).toBe('swtpm ended with code 1');
  });
});

describe('the position of a failed expectation in its file', () => {
  const history = [{ kind: 'step-started', step: 2, name: 'power-on', line: 25, at: 0 }] as const;
  const verdict = failedStep('thermostat', { line: 18 });

  it('consists of the line of the expectation and the line of the step', () => {
    const run = sampleRun('a', 'fail', verdict.reason, { history, stepVerdicts: [verdict] });
    expect(decidingPlaceText(run)).toBe('expected by line 18 of expiry.yaml, step at line 25');
  });

  it('omits the line of a step that did not begin', () => {
    const run = sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] });
    expect(decidingPlaceText(run)).toBe('expected by line 18 of expiry.yaml');
  });

  it('is undefined if no expectation failed', () => {
    expect(decidingPlaceText(sampleRun('a', 'unknown', 'swtpm ended with code 1'))).toBeUndefined();
  });
});

describe('the reason of a step, printed beside its results', () => {
  it('has the values of the deciding check', () => {
    expect(stepReason(failedStep('a'))).toBe('expired 245 days ago (valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026)');
  });

  it('is empty if it would only repeat the results, and lists the differing properties of `expect` if several differ', () => {
    expect(stepReason(failedStep('a', { trace: [] }))).toBe('');
    const several = 'outcome: expected assigned, actual refused; assigned: expected hub-eu, actual none';
    const expected = 'outcome: assigned, assigned: hub-eu';
    expect(stepReason(failedStep('a', { trace: [], expected, reason: several }))).toBe(several);
  });

  it('is empty for a step that passed', () => {
    expect(stepReason(failedStep('a', { kind: 'pass' }))).toBe('');
  });
});

test.each(Object.entries(checks))(
  'the sentence for the failed check %s differs from the sentence of its rule',
  (check, rule) => {
    expect(failedChecks[check as CheckId]).not.toBe(rule);
  },
);

describe('`withSpokenDurations`', () => {
  it('writes durations in words, and does not change names such as PKCS', () => {
    expect(withSpokenDurations('valid for P90D, after P1Y2M, PT8H; not PKCS, P256 or MQTTP')).toBe(
      'valid for 90 days, after 1 year 2 months, 8 hours; not PKCS, P256 or MQTTP',
    );
  });
});
