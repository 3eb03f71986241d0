import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../core/time/clock.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { normaliseHistory } from '../../../core/history/normalise-history.ts';
import type { Run } from '../../../core/run/run.ts';
import { playText } from '../play.ts';

interface Words {
  readonly vendor?: string;
  readonly renewal?: string;
  readonly steps?: readonly string[];
}

const start = '2026-01-05T08:00:00Z';

/** A scenario with a device that gets a certificate for 90 days from a vendor and renews it there. */
const life = ({ vendor = '', renewal = '', steps = ['run-in-field: { device: it, for: P1Y }'] }: Words): string => `
title: A device renews
start: ${start}
pki:
  root: {}
  ca: { issuer: root, kind: third-party, leafValidity: P90D${vendor} }
cloud: { enrollmentGroups: { line: { x509: { ca: ca } } } }
devices:
  it: { attestation: x509, renewal: { from: ca${renewal} } }
timeline:
  - request-certificate: { device: it, from: ca }
${steps.map((step) => `  - ${step}`).join('\n')}
    expect: { assigned: hub-eu }
`;

async function play(words: Words, seed = 'test'): Promise<Run> {
  const [run] = await playText(life(words), seed);
  if (run === undefined) throw new Error('the scenario has no run');
  return run;
}

const deeds = ({ history }: Run, pattern: RegExp): HistoryEvent[] =>
  history.filter((event) => event.kind === 'deed' && pattern.test(event.sentence));

const renewals = (run: Run): number => deeds(run, /^its certificate is renewed/).length;

describe('a device that renews', () => {
  test('renews each time after two thirds of the validity', async () => {
    const run = await play({});
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run.registrations.every(({ outcome }) => outcome === 'assigned')).toBe(true);
    // A renewal is due after 60 of 90 days, and the device checks every week, so it renews after 63 days each time.
    expect(renewals(run)).toBe(5);
    const [first] = deeds(run, /^its certificate is renewed/);
    const days = ((first?.at ?? 0) - (parseInstant(start) ?? 0)) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(60);
    expect(days).toBeLessThan(68);
  });

  test('makes a new key for each renewal, and the hub accepts the new key', async () => {
    const run = await play({});
    const thumbprints = run.history.flatMap((event) =>
      event.kind === 'decision' && event.judge === 'hub'
        ? event.checks
            .filter(({ check, passed }) => check === 'hub-thumbprint-matches' && passed)
            .map(({ found }) => found)
        : [],
    );
    expect(new Set(thumbprints).size).toBe(6);
  });

  test('retries after failures, with growing waits that differ between devices', async () => {
    const outage = ', outage: { from: "2026-03-01T00:00:00Z", to: "2026-03-25T00:00:00Z" }';
    const run = await play({ vendor: outage });
    expect(run.verdict.kind).toBe('pass');
    const failures = deeds(run, /^no new certificate yet/).map(({ at }) => at);
    expect(failures.length).toBeGreaterThan(2);
    const again = await play({ vendor: outage });
    expect(normaliseHistory(again.history)).toBe(normaliseHistory(run.history));
    const other = await play({ vendor: outage }, 'other');
    expect(deeds(other, /^no new certificate yet/).map(({ at }) => at)).not.toEqual(failures);
  });

  test('repeats the same request if the vendor is slow', async () => {
    const run = await play({
      vendor: ', answers: slow, issueTime: P2D',
      steps: [
        'request-certificate: { device: it, from: ca, patience: P3D }',
        'run-in-field: { device: it, for: P80D }',
      ],
    });
    expect(run.verdict.kind).toBe('pass');
    expect(renewals(run)).toBe(1);
    expect(deeds(run, /the vendor has not decided yet/)).toHaveLength(2);
  });

  test('does not install a certificate with another name, and uses its old certificate until that certificate expires', async () => {
    const [run] = await playText(`
title: A vendor that gives other names
start: ${start}
pki:
  root: {}
  ours: { issuer: root }
  theirs: { issuer: root, kind: third-party, answers: wrong-subject }
cloud: { enrollmentGroups: { line: { x509: { ca: root } } } }
devices:
  it: { attestation: x509, renewal: { from: theirs } }
timeline:
  - issue-certificate: { device: it, from: ours, validity: P90D }
  - run-in-field: { device: it, for: P89D }
    expect: { assigned: hub-eu }
`);
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    const misfits = (run?.history ?? []).filter(
      (event) =>
        event.kind === 'decision' && event.about === 'issued certificate' && event.checks.some((one) => !one.passed),
    );
    expect(misfits.length).toBeGreaterThan(2);
  });

  test('keeps its certificate while it has no network, and renews the certificate when the network is back', async () => {
    const run = await play({
      steps: [
        'run-in-field: { device: it, for: P50D }',
        'run-in-field: { device: it, for: P30D, offline: true }',
        'run-in-field: { device: it, for: P30D }',
      ],
    });
    expect(run.verdict.kind).toBe('pass');
    const unreachable = run.registrations.filter(({ check }) => check === 'server-reachable');
    expect(unreachable.length).toBeGreaterThan(3);
    expect(renewals(run)).toBe(1);
  });
});

test('a device registers again to renew its certificate from DPS before the certificate expires', async () => {
  const [run] = await playText(`
title: DPS issues
cloud: { credentialPolicies: { monthly: { validityDays: 30 } } }
devices:
  it: { attestation: symmetricKey, credential: issued-by-dps, renewal: { from: dps } }
timeline:
  - enroll: { device: it, credentialPolicy: monthly }
  - install-key: it
  - run-in-field: { device: it, for: P100D }
    expect: { assigned: hub-eu, attempts: 0 }
`);
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  expect(run?.registrations.slice(1).every(({ attempts }) => attempts === 0)).toBe(true);
});

test('a device renews over the air from a CA of the manufacturer only while the device is in service', async () => {
  const [run] = await playText(`
title: Over the air
pki: { root: {}, ca: { issuer: root } }
cloud: { enrollmentGroups: { line: { x509: { ca: root } } } }
devices:
  it: { attestation: x509, renewal: { from: ca, validity: P30D } }
timeline:
  - issue-certificate: { device: it, from: ca, validity: P30D }
  - run-in-field: { device: it, for: P100D }
    expect: { assigned: hub-eu }
  - run-in-field: { device: it, for: P10D }
    after: P60D
    expect: { refused: certificate-valid-now }
`);
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
});

/** Random problems that can disturb one renewal. */
const troubles = fc.record({
  at: fc.double({ min: 0.3, max: 0.9, noNaN: true }),
  powerFails: fc.constantFrom('before-answer', 'while-writing', 'before-proof'),
  outageFrom: fc.integer({ min: 20, max: 80 }),
  outageDays: fc.integer({ min: 1, max: 60 }),
  quota: fc.integer({ min: 1, max: 4 }),
  retry: fc.constantFrom('PT12H', 'P2D'),
});

test('an interrupted renewal leaves a usable certificate if the device keeps the old certificate until the new certificate is proved', async () => {
  await fc.assert(
    fc.asyncProperty(troubles, async ({ at, powerFails, outageFrom, outageDays, quota, retry }) => {
      const day = (count: number): string => new Date((parseInstant(start) ?? 0) + count * 86_400_000).toISOString();
      const run = await play({
        vendor: `, quota: ${quota}, outage: { from: "${day(outageFrom)}", to: "${day(outageFrom + outageDays)}" }`,
        renewal: `, at: ${at.toFixed(2)}, retry: ${retry}`,
        steps: [`run-in-field: { device: it, for: P88D, powerFails: ${powerFails} }`],
      });
      // The step lasts 88 days and the first certificate is valid for 90 days, so the hub accepts the device even without a renewal.
      expect(run.registrations.map(({ outcome, check }) => check ?? outcome)).toEqual(
        run.registrations.map(() => 'assigned'),
      );
      expect(run.verdict.kind).toBe('pass');
    }),
    { numRuns: 15, seed: 7 },
  );
});

test('a device that overwrites the old certificate has no certificate if the power fails during the write', async () => {
  const run = await play({
    renewal: ', keepsOld: false',
    steps: ['run-in-field: { device: it, for: P88D, powerFails: while-writing }'],
  });
  expect(run.registrations.at(-1)).toMatchObject({ outcome: 'refused', check: 'credential-present' });
});

test.each([
  ['visits: PT0S', 'run-in-field: { device: it, for: P1D, visits: PT0S }', '', 'an hour or more'],
  ['retry: PT1S', 'run-in-field: { device: it, for: P1D }', ', retry: PT1S', 'an hour or more'],
  ['powerFails: often', 'run-in-field: { device: it, for: P1D, powerFails: often }', '', 'expected before-answer or'],
])('a scenario with %s is rejected', async (_name, step, renewal, message) => {
  await expect(playText(life({ renewal, steps: [step] }))).rejects.toThrow(message);
});
