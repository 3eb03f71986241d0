import { expect, it, describe } from 'vitest';
import type { CheckResult } from '../../../core/history/decision.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { decisiveEvent } from '../../../reports/html/page/scenario/decisive-event.ts';
import { failedStep, sampleRun } from '../sample-playback.ts';

const refusal = failedStep('').trace;

function step(number: number, ...events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  return [
    { kind: 'step-started', step: number, name: 'power-on', line: 25, at: 0 },
    ...events,
    { kind: 'step-ended', step: number, at: 9 },
  ];
}

function attempt(device: string, checks: readonly CheckResult[] = refusal): readonly HistoryEvent[] {
  return [
    { kind: 'attempt-started', device, registrationId: device, attestation: 'x509', transport: 'mqtt', at: 1 },
    { kind: 'decision', judge: 'dps', subject: device, about: 'registration', checks, at: 2 },
    {
      kind: 'attempt-ended',
      device,
      registrationId: device,
      outcome: 'refused',
      sentence: 'Unauthorized',
      telemetry: 'none',
      attempts: 1,
      at: 3,
    },
  ];
}

function openedAt(history: readonly HistoryEvent[], ...stepVerdicts: readonly ReturnType<typeof failedStep>[]) {
  return decisiveEvent(sampleRun('a', 'fail', stepVerdicts[0]?.reason ?? '', { history, stepVerdicts }));
}

describe('the deciding event of a run', () => {
  it('is in the step whose expectation failed, not in a later step with the same refusal', () => {
    const history = [...step(1), ...step(2, ...attempt('pump')), ...step(3, ...attempt('pump'), ...attempt('pump'))];
    expect(openedAt(history, failedStep('pump'))).toBe(4);
  });

  it('is not in an earlier step with the same refusal', () => {
    const history = [...step(1, ...attempt('pump')), ...step(2, ...attempt('pump'))];
    expect(openedAt(history, failedStep('pump'))).toBe(7);
  });

  it('is about the device of the failed expectation', () => {
    const history = step(2, ...attempt('pump'), ...attempt('valve'));
    expect(openedAt(history, failedStep('pump'))).toBe(2);
    expect(openedAt(history, failedStep('valve'))).toBe(5);
  });

  it('is in the last attempt of a device, or in the attempt of the failed expectation if each attempt has one', () => {
    const history = step(2, ...attempt('pump'), ...attempt('pump'), ...attempt('pump'));
    expect(openedAt(history, failedStep('pump'))).toBe(8);
    const second = [failedStep('pump', { kind: 'pass' }), failedStep('pump'), failedStep('pump')];
    expect(openedAt(history, ...second)).toBe(5);
  });

  it('is the first refusal of a step in which no device registers', () => {
    const check: HistoryEvent = {
      kind: 'decision',
      judge: 'station',
      subject: 'pump',
      about: 'test',
      checks: refusal,
      at: 1,
    };
    const history = [...step(2, check, check), ...step(3, check)];
    expect(openedAt(history, failedStep('pump'))).toBe(1);
  });

  it('is undefined if no refusal decided', () => {
    expect(openedAt(step(2, ...attempt('pump')), failedStep('pump', { trace: [] }))).toBeUndefined();
  });
});
