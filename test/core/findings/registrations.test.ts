import { describe, expect, test } from 'vitest';
import type { AttemptEnd, HistoryEvent } from '../../../core/history/events.ts';
import type { CheckId, Judge } from '../../../core/checks.ts';
import { observeRegistrations } from '../../../core/findings/registrations.ts';

const hubHost = 'hub-eu.azure-devices.net';
const hubNames = new Map([[hubHost, 'hub-eu']]);
const noon = Date.UTC(2026, 0, 5, 12);

const started = (device: string, registrationId = device): HistoryEvent => ({
  at: noon,
  kind: 'attempt-started',
  device,
  registrationId,
  attestation: 'symmetricKey',
  transport: 'mqtt',
});
const ended = (device: string, end: Partial<AttemptEnd>, registrationId = device): HistoryEvent => ({
  at: noon + 5000,
  kind: 'attempt-ended',
  device,
  registrationId,
  outcome: 'refused',
  sentence: 's',
  telemetry: 'none',
  attempts: 1,
  ...end,
});
const assigned: Partial<AttemptEnd> = {
  outcome: 'assigned',
  assignedHub: hubHost,
  telemetry: 'accepted',
  substatus: 'initialAssignment',
};
/** Returns a decision with one passed check and, if `failed` is given, one failed check. */
const decided = (judge: Judge, subject: string, failed?: CheckId): HistoryEvent => ({
  at: noon,
  kind: 'decision',
  judge,
  subject,
  about: 'registration',
  checks: [
    { check: 'id-scope-known', passed: true, expected: '0ne1', found: '0ne1' },
    ...(failed === undefined ? [] : [{ check: failed, passed: false, expected: 'this', found: 'that' }]),
  ],
});
const step = (index: number): HistoryEvent => ({
  at: noon,
  kind: 'step-started',
  step: index,
  name: 'power-on',
  line: 9,
});
const observe = (...events: HistoryEvent[]) => observeRegistrations(events, hubNames);

describe('the result of a successful attempt', () => {
  test('contains the hub, the step and the last decision', () => {
    const [row, ...more] = observe(
      step(4),
      started('t1'),
      decided('dps', 't1'),
      decided('hub', 't1'),
      ended('t1', { ...assigned, deviceId: 't1' }),
    );
    expect(more).toEqual([]);
    expect(row?.step).toBe(4);
    expect(row?.decision?.judge).toBe('hub');
    expect(row?.registration).toEqual({
      device: 't1',
      registrationId: 't1',
      attestation: 'symmetricKey',
      transport: 'mqtt',
      at: '2026-01-05T12:00:05.000Z',
      took: 'PT5S',
      outcome: 'assigned',
      sentence: 's',
      assignedHub: hubHost,
      hub: 'hub-eu',
      deviceId: 't1',
      substatus: 'initialAssignment',
      telemetry: 'accepted',
      attempts: 1,
    });
  });

  test('names no failed check, even if its first request was refused', () => {
    const [row] = observe(
      started('t1'),
      decided('hub', 't1', 'hub-token-fresh'),
      decided('dps', 't1'),
      ended('t1', assigned),
    );
    expect(row?.registration.check).toBeUndefined();
    expect(row?.registration.decidedBy).toBeUndefined();
  });

  test('has no hub name if the scenario does not define the assigned hub', () => {
    const [row] = observe(started('t1'), ended('t1', { ...assigned, assignedHub: 'elsewhere.azure-devices.net' }));
    expect(row?.registration.hub).toBeUndefined();
    expect(row?.registration.assignedHub).toBe('elsewhere.azure-devices.net');
  });
});

describe('the result of a failed attempt', () => {
  test.each<[Judge, CheckId]>([
    ['dps', 'certificate-valid-now'],
    ['hub', 'hub-identity-enabled'],
    ['device', 'server-certificate-trusted'],
  ])('is a refusal by %s with the failed check %s', (judge, check) => {
    const [row] = observe(started('t1'), decided(judge, 't1', check), ended('t1', { errorCode: 401002 }));
    expect(row?.registration).toMatchObject({ outcome: 'refused', check, decidedBy: judge, errorCode: 401002 });
    expect(row?.decision?.judge).toBe(judge);
  });

  test('is a refusal if a recorded check explains the dropped connection', () => {
    const [row] = observe(started('t1'), decided('dps', 't1', 'chain-complete'), ended('t1', { outcome: 'failed' }));
    expect(row?.registration).toMatchObject({ outcome: 'refused', check: 'chain-complete' });
  });

  test('is a failure if no recorded check explains the dropped connection', () => {
    const [row] = observe(started('t1'), decided('dps', 't1'), ended('t1', { outcome: 'failed' }));
    expect(row?.registration.outcome).toBe('failed');
    expect(row?.registration.check).toBeUndefined();
    expect(row?.decision?.judge).toBe('dps');
  });

  test('has no decision if the history records none', () => {
    const [row] = observe(started('t1'), ended('t1', {}));
    expect(row?.decision).toBeUndefined();
    expect(row?.registration.outcome).toBe('refused');
  });

  test('has the last decision that refused the attempt', () => {
    const [row] = observe(
      started('t1'),
      decided('hub', 't1', 'hub-token-fresh'),
      decided('dps', 't1', 'enrollment-enabled'),
      ended('t1', {}),
    );
    expect(row?.registration).toMatchObject({ check: 'enrollment-enabled', decidedBy: 'dps' });
  });

  test('includes a decision that has the registration ID in another letter case', () => {
    const [row] = observe(
      started('t1', 'Thermo-1'),
      decided('dps', 'thermo-1', 'token-fresh'),
      ended('t1', {}, 'Thermo-1'),
    );
    expect(row?.registration).toMatchObject({ registrationId: 'Thermo-1', check: 'token-fresh' });
  });

  test('includes the decision of the device itself, although that decision does not name the registration ID', () => {
    const [row] = observe(
      started('t1', 'sn-9'),
      decided('device', 't1', 'challenge-activated'),
      ended('t1', {}, 'sn-9'),
    );
    expect(row?.registration.check).toBe('challenge-activated');
  });

  test('includes the decision of the hub, although that decision names the device ID instead of the registration ID', () => {
    const [row] = observe(
      started('t1', 'sn-9'),
      decided('dps', 'sn-9'),
      decided('hub', 'kitchen', 'hub-token-signature-matches'),
      ended('t1', { assignedHub: hubHost, deviceId: 'kitchen', telemetry: 'refused' }, 'sn-9'),
    );
    expect(row?.registration).toMatchObject({ check: 'hub-token-signature-matches', decidedBy: 'hub' });
  });
});

describe('the results of several attempts', () => {
  test('in different steps are separate, each with its own step and decision', () => {
    const rows = observe(
      step(0),
      started('t1'),
      decided('dps', 't1', 'token-fresh'),
      ended('t1', {}),
      step(1),
      started('t1'),
      decided('dps', 't1'),
      decided('hub', 't1'),
      ended('t1', assigned),
    );
    expect(rows.map(({ step: at, registration }) => [at, registration.outcome, registration.check])).toEqual([
      [0, 'refused', 'token-fresh'],
      [1, 'assigned', undefined],
    ]);
  });

  test('at the same time keep their decisions separate', () => {
    const rows = observe(
      started('good'),
      started('bad'),
      started('cut'),
      decided('dps', 'good'),
      decided('dps', 'bad'),
      decided('dps', 'cut'),
      decided('hub', 'good'),
      decided('hub', 'bad', 'hub-identity-enabled'),
      ended('good', { ...assigned, deviceId: 'good' }),
      ended('bad', { assignedHub: hubHost, deviceId: 'bad', telemetry: 'refused' }),
      ended('cut', { outcome: 'failed' }),
    );
    expect(
      rows.map(({ registration: { device, outcome, check }, decision }) => [device, outcome, check, decision?.subject]),
    ).toEqual([
      ['good', 'assigned', undefined, 'good'],
      ['bad', 'refused', 'hub-identity-enabled', 'bad'],
      ['cut', 'failed', undefined, 'cut'],
    ]);
  });

  test('ignore decisions before the start and after the end of an attempt', () => {
    const rows = observe(
      decided('dps', 't1', 'token-fresh'),
      started('t1'),
      ended('t1', { outcome: 'failed' }),
      decided('dps', 't1', 'token-fresh'),
    );
    expect(rows[0]?.registration).toMatchObject({ outcome: 'failed' });
    expect(rows[0]?.decision).toBeUndefined();
  });

  test('omit an attempt without a recorded start or a recorded end', () => {
    expect(observe(ended('t1', assigned), started('t2'))).toEqual([]);
  });
});
