import { describe, expect, test } from 'vitest';
import type { Topic } from '../../core/run/topic.ts';
import { guideMarkdown, guideReport } from '../../reports/guide.ts';
import { failedStep, played, playbackOf, samplePlayback, sampleRun, sampleView } from './sample-playback.ts';

const topics: readonly Topic[] = [
  { id: 'warehouse-delay', title: 'Time | in the <warehouse>', sentence: 'A year is nothing.', chapter: 'timeline' },
  { id: 'x509-thumbprint', title: 'Thumbprint', sentence: 'One certificate.', chapter: 'authentication' },
  { id: 'audit-none', title: 'No audit', sentence: 'The origin is unknown.', chapter: 'audit' },
];

const { registrations } = samplePlayback.played[1]?.run ?? { registrations: [] };
const at = Date.UTC(2026, 11, 6);

/** A run in which a device is refused, with its history. */
const refused = sampleRun('warehouse/expiry#validity-p90d', 'pass', 'as expected', {
  variant: 'validity=P90D',
  shows: 'wrong',
  teaches: 'Mind the *time*.\n',
  covers: ['warehouse-delay', 'x509-thumbprint'],
  stepVerdicts: [failedStep('thermostat', { kind: 'pass', expected: 'refused: certificate-valid-now' })],
  registrations,
  history: [
    { at, kind: 'step-started', step: 2, name: 'power-on', line: 31 },
    {
      at,
      kind: 'attempt-started',
      device: 'thermostat',
      registrationId: 'thermostat',
      attestation: 'x509',
      transport: 'mqtt',
    },
    {
      at,
      kind: 'decision',
      judge: 'dps',
      about: 'registration',
      subject: 'thermostat',
      checks: [{ check: 'certificate-valid-now', passed: false, expected: 'a', found: 'b' }],
    },
    {
      at,
      kind: 'attempt-ended',
      device: 'thermostat',
      registrationId: 'thermostat',
      outcome: 'refused',
      sentence: 'DPS answered 401',
      errorCode: 401_002,
      telemetry: 'none',
      attempts: 1,
    },
    { at, kind: 'step-ended', step: 2 },
  ],
});

/** A run of a production line whose quality check rejects a unit, in a step in which no device registers. */
const caught = sampleRun('factory/check', 'pass', 'as expected', {
  file: 'factory/check.yaml',
  title: 'The line checks what it packs',
  shows: 'well',
  stepVerdicts: [
    failedStep('', {
      kind: 'pass',
      step: 0,
      name: 'produce',
      expected: 'caught: {"credential-present":1}, shipped: 1',
      assertions: [
        { word: 'caught', expected: { 'credential-present': 1 }, actual: { 'credential-present': 1 }, passed: true },
        { word: 'shipped', expected: 1, actual: 1, passed: true },
      ],
    }),
  ],
  history: [
    { at, kind: 'step-started', step: 0, name: 'produce', line: 9 },
    { at, kind: 'unit', device: 'meter-1', fate: 'shipped' },
    { at, kind: 'unit', device: 'meter-2', fate: 'rejected', check: 'credential-present' },
    { at, kind: 'line-ended', product: 'meter', stations: ['check'], ordered: 2, startedAt: at },
    { at, kind: 'step-ended', step: 0 },
  ],
});

const playback = playbackOf([played(refused), played(caught), ...samplePlayback.played.slice(1)], { topics });

describe('the report `guide`', () => {
  test('has every topic, with the results of its scenarios', async () => {
    await expect(guideMarkdown(playback)).toMatchFileSnapshot('golden/guide.md.txt');
  });

  test('is printed at the end of a run', () => {
    expect(playback.played.map((one) => guideReport.onScenario(one, sampleView)).join('')).toBe('');
    expect(guideReport.onEnd(playback, sampleView)).toBe(guideMarkdown(playback));
  });

  test('does not depend on the seeds, the speed or the order of scenarios', () => {
    const later = playback.played.map((one) => ({
      ...one,
      attempts: 7,
      runFile: undefined,
      run: { ...one.run, seed: 'other', wallMs: 99_999, versions: { rehearsal: '9', node: '99' } },
    }));
    const again = playbackOf(
      later.toReversed().toSorted((a, b) => order(a) - order(b)),
      { topics, seed: 'x', wallMs: 1 },
    );
    expect(guideMarkdown(again)).toBe(guideMarkdown(playback));
  });

  test('has the expectation that a fleet met, because a fleet has no single outcome', () => {
    const fleet = sampleRun('fleets/morning', 'pass', 'as expected', {
      covers: ['warehouse-delay'],
      stepVerdicts: [
        failedStep('sensor', {
          kind: 'pass',
          step: 0,
          name: 'power-on',
          expected: 'assigned: >= 99 %',
          assertions: [{ word: 'assigned', expected: '>= 99 %', actual: { percent: 100 }, passed: true }],
        }),
      ],
      history: [],
    });
    expect(guideMarkdown(playbackOf([played(fleet)], { topics }))).toContain('| power-on: `assigned: >= 99 %` holds |');
  });

  test('lists topics without scenarios', () => {
    expect(guideMarkdown(playbackOf([], { topics }))).toContain('## Not covered\n\n- Time \\| in the \\<warehouse\\>');
  });
});

/** Sorts runs by scenario. The variants of one file keep the order of their file. */
function order({ run }: (typeof playback.played)[number]): number {
  return playback.played.findIndex((one) => one.run.id === run.id);
}

test('the report of a run with a disabled check has no guide', () => {
  const text = guideMarkdown(playbackOf([played(refused)], { topics, sabotage: 'certificate-valid-now' }));
  expect(text).toBe(
    'No guide: the check `certificate-valid-now` was disabled, so the results do not show whether a design is good.\n',
  );
});
