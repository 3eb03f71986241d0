import { describe, expect, test } from 'vitest';
import type { CheckId } from '../../../core/checks.ts';
import type { CheckResult, Decision } from '../../../core/history/decision.ts';
import type { Drill, EventData, HistoryEvent } from '../../../core/history/events.ts';
import type { Expectation } from '../../../core/run/expectations/index.ts';
import { mergeVerdicts, type VerdictKind } from '../../../core/run/run.ts';
import { judge } from '../../../sim/play/judge.ts';
import type { Step } from '../../../sim/scenario/read-timeline.ts';

const hubNames = new Map([['hub-eu.azure-devices.net', 'hub-eu']]);
const start = Date.UTC(2026, 0, 5);

/** Returns a history whose events are one second apart. */
function history(...data: readonly EventData[]): readonly HistoryEvent[] {
  return data.map((one, second) => ({ ...one, at: start + second * 1000 }));
}

function step(words: Expectation | undefined, expects: Step['expects'] = 'each', index = 0): Step {
  return {
    index,
    name: 'step',
    line: 10 + index,
    column: 5,
    args: {},
    needs: {},
    run: () => Promise.resolve(),
    expects,
    ...(words === undefined ? {} : { expect: { line: 11 + index, column: 7, words } }),
  };
}

const started: EventData = { kind: 'step-started', step: 0, name: 'step', line: 10 };
const ended: EventData = { kind: 'step-ended', step: 0 };
const inStep = (...data: readonly EventData[]) => history(started, ...data, ended);

function decided(judge: Decision['judge'], check: CheckId, passed: boolean): EventData {
  const result: CheckResult = { check, passed, expected: 'a', found: 'b' };
  return { kind: 'decision', judge, subject: 'meter', about: 'registration', checks: [result] };
}

const attemptStarted: EventData = {
  kind: 'attempt-started',
  device: 'meter',
  registrationId: 'meter',
  attestation: 'x509',
  transport: 'mqtt',
};

function attemptEnded(end: Partial<EventData & { kind: 'attempt-ended' }>): EventData {
  return {
    kind: 'attempt-ended',
    device: 'meter',
    registrationId: 'meter',
    outcome: 'refused',
    sentence: 'DPS answered 401',
    telemetry: 'none',
    attempts: 1,
    ...end,
  };
}

const assigned = [
  attemptStarted,
  attemptEnded({
    outcome: 'assigned',
    assignedHub: 'hub-eu.azure-devices.net',
    deviceId: 'meter',
    substatus: 'initialAssignment',
    telemetry: 'accepted',
  }),
];
const refused = [attemptStarted, decided('dps', 'certificate-valid-now', false), attemptEnded({ errorCode: 401002 })];
const lost = [attemptStarted, attemptEnded({ outcome: 'failed', sentence: 'the connection was cut' })];

const line = (...checks: readonly CheckId[]): readonly EventData[] => [
  { kind: 'unit', device: 'unit-1', fate: 'shipped' },
  { kind: 'unit', device: 'unit-2', fate: 'off-the-books' },
  ...checks.map((check, at): EventData => ({ kind: 'unit', device: `bad-${at}`, fate: 'rejected', check })),
  {
    kind: 'line-ended',
    product: 'unit',
    stations: ['line'],
    ordered: 1,
    startedAt: start,
  } as unknown as EventData,
];

const drill: EventData & Drill = {
  kind: 'drill',
  loot: 'disk',
  registrationId: 'meter',
  every: 'PT1H',
  watched: 'P1D',
  outOfDps: 'PT0S',
  outOfHub: 'never',
  honest: ['meter', 'meter-2'],
  hurt: ['meter-2'],
};

type Row = readonly [kind: VerdictKind, words: Expectation, events: readonly HistoryEvent[], reason: string];

const ok = 'as expected';

describe('`judge`, on a step in which a device registers', () => {
  test.each<Row>([
    ['pass', { assigned: true }, inStep(...assigned), ok],
    ['pass', { assigned: 'hub-eu' }, inStep(...assigned), ok],
    ['fail', { assigned: 'hub-us' }, inStep(...assigned), 'assigned: expected hub-us, actual assigned to hub-eu'],
    [
      'fail',
      { assigned: true },
      inStep(...refused),
      'assigned: expected true, actual refused by certificate-valid-now',
    ],
    ['fail', { assigned: true }, inStep(...lost), 'assigned: expected true, actual failed'],
    ['pass', { refused: true }, inStep(...refused), ok],
    ['pass', { refused: 'certificate-valid-now' }, inStep(...refused), ok],
    [
      'fail',
      { refused: 'token-signature-matches' },
      inStep(...refused),
      'refused: expected token-signature-matches, actual refused by certificate-valid-now',
    ],
    ['fail', { refused: true }, inStep(...assigned), 'refused: expected true, actual assigned to hub-eu'],
    ['fail', { refused: true }, inStep(...lost), 'refused: expected true, actual failed'],
    ['pass', { errorCode: 401002 }, inStep(...refused), ok],
    ['fail', { errorCode: 401003 }, inStep(...refused), 'errorCode: expected 401003, actual 401002'],
    ['fail', { errorCode: 401002 }, inStep(...assigned), 'errorCode: expected 401002, actual none'],
    ['pass', { hub: 'hub-eu', deviceId: 'meter', substatus: 'initialAssignment' }, inStep(...assigned), ok],
    [
      'fail',
      { hub: 'hub-us', deviceId: 'other' },
      inStep(...assigned),
      'hub: expected hub-us, actual hub-eu; deviceId: expected other, actual meter',
    ],
    ['pass', { telemetry: 'accepted', attempts: 1 }, inStep(...assigned), ok],
    ['fail', { telemetry: 'refused' }, inStep(...assigned), 'telemetry: expected refused, actual accepted'],
    ['fail', { attempts: 2 }, inStep(...assigned), 'attempts: expected 2, actual 1'],
    ['pass', { within: 'PT1S' }, inStep(...assigned), ok],
    ['fail', { within: 'PT1S' }, inStep(...refused), 'within: expected PT1S, actual PT2S'],
    [
      'fail',
      { shipped: 1 },
      inStep(...assigned),
      'shipped: applies to steps in which no device registers, but in this step devices register',
    ],
  ])('gives the verdict %s for %j', (kind, words, events, reason) => {
    expect(judge([step(words)], events, hubNames)).toMatchObject([
      { kind, reason, device: 'meter', step: 0, line: 11, column: 7 },
    ]);
  });

  test('gives a verdict for each registration, or only for the last registration of each device, as the step selects', () => {
    const events = inStep(...refused, ...assigned);
    const kinds = (expects: Step['expects']) =>
      judge([step({ assigned: true }, expects)], events, hubNames).map(({ kind }) => kind);
    expect(kinds('each')).toEqual(['fail', 'pass']);
    expect(kinds('last')).toEqual(['pass']);
  });

  test('returns the compared values and the checks of the decision', () => {
    expect(judge([step({ refused: 'certificate-valid-now', errorCode: 1 })], inStep(...refused), hubNames)).toEqual([
      {
        kind: 'fail',
        reason: 'errorCode: expected 1, actual 401002',
        step: 0,
        name: 'step',
        device: 'meter',
        line: 11,
        column: 7,
        expected: 'refused: certificate-valid-now, errorCode: 1',
        happened: 'refused by certificate-valid-now (401002): DPS answered 401',
        assertions: [
          {
            word: 'refused',
            expected: 'certificate-valid-now',
            actual: { outcome: 'refused', check: 'certificate-valid-now' },
            passed: true,
          },
          {
            word: 'errorCode',
            expected: 1,
            actual: 401002,
            passed: false,
            difference: 'errorCode: expected 1, actual 401002',
          },
        ],
        trace: [{ check: 'certificate-valid-now', passed: false, expected: 'a', found: 'b' }],
      },
    ]);
  });
});

describe('`judge`, on a step in which no device registers', () => {
  const accepted = decided('auditor', 'audit-matches', true);
  const rejected = decided('auditor', 'audit-matches', false);
  const search = (...ids: readonly string[]): EventData => ({
    kind: 'signals',
    findings: ids.map((signal) => ({ signal, subject: 'meter', sentence: 'x', events: [] })),
  });
  test.each<Row>([
    ['pass', { done: true }, inStep(accepted), ok],
    ['fail', { done: true }, inStep(rejected), 'done: expected true, actual refused by audit-matches'],
    ['pass', { refused: 'audit-matches' }, inStep(accepted, rejected), ok],
    ['fail', { refused: true }, inStep(accepted), 'refused: expected true, actual done'],
    ['pass', { done: true, shipped: 1, offTheBooks: 1, caught: {} }, inStep(...line()), ok],
    ['pass', { rejected: 1, caught: { 'identity-unique': 1 } }, inStep(...line('identity-unique')), ok],
    [
      'fail',
      { caught: { 'identity-unique': 1 }, scrapped: 1 },
      inStep(...line('credential-present')),
      'caught: expected {"identity-unique":1}, actual {"credential-present":1}; scrapped: expected 1, actual 0',
    ],
    ['pass', { outOfDps: 'PT0S', outOfHub: 'never', hurt: 1 }, inStep(drill), ok],
    ['fail', { outOfHub: 'P1D' }, inStep(drill), 'outOfHub: expected P1D, actual never'],
    ['pass', { signals: [] }, inStep(search()), ok],
    ['pass', { signals: ['never-audited'] }, inStep(search('never-audited', 'never-audited')), ok],
    ['fail', { signals: [] }, inStep(search('never-audited')), 'signals: expected [], actual ["never-audited"]'],
    ['fail', { impersonated: 1 }, inStep(drill), 'impersonated: expected 1, actual none'],
    [
      'fail',
      { assigned: true },
      inStep(accepted),
      'assigned: applies to registrations, but no device registers in this step',
    ],
    [
      'fail',
      { refused: true },
      inStep(),
      'no device registered in this step, and the step recorded neither a decision nor a count',
    ],
  ])('gives the verdict %s for %j', (kind, words, events, reason) => {
    expect(judge([step(words)], events, hubNames)).toMatchObject([{ kind, reason }]);
  });

  test('reads the counted values of a step such as `drill`, although devices register in that step', () => {
    const [verdict] = judge([step({ hurt: 1 }, 'count')], inStep(...assigned, drill), hubNames);
    expect(verdict).toMatchObject({ kind: 'pass', happened: expect.stringContaining('hurt: 1') });
  });
});

describe('`judge`, on an incomplete history', () => {
  test.each<Row>([
    ['unknown', { assigned: true }, [], 'the history ends before this step'],
    ['unknown', { assigned: true }, history(started, ...assigned), 'the history ends during this step'],
    ['unknown', { refused: true }, history(started, ...refused), 'the history ends during this step'],
  ])('gives the verdict %s for %j', (kind, words, events, reason) => {
    expect(judge([step(words)], events, hubNames)).toMatchObject([{ kind, reason, happened: 'nothing' }]);
  });

  test('is inconclusive as a whole if one step is inconclusive, unless another step fails', () => {
    const later = step({ assigned: true }, 'each', 1);
    const whole = (events: readonly HistoryEvent[]) =>
      mergeVerdicts(judge([step({ assigned: true }), later], events, hubNames)).kind;
    expect(whole(inStep(...assigned))).toBe('unknown');
    expect(whole(inStep(...refused))).toBe('fail');
  });

  test('is inconclusive if the timeline has no expectation', () => {
    const verdicts = judge([step(undefined)], inStep(...assigned), hubNames);
    expect(verdicts).toEqual([]);
    expect(mergeVerdicts(verdicts)).toEqual({ kind: 'unknown', reason: 'nothing was judged' });
  });
});
