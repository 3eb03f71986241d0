import { describe, expect, test } from 'vitest';
import type { CheckId, Judge } from '../../../core/checks.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { observeRegistrations } from '../../../core/findings/registrations.ts';
import { playText } from '../play.ts';

const at = Date.UTC(2026, 0, 5, 12);
const start = (device: string, from: string): HistoryEvent => ({
  at,
  kind: 'attempt-started',
  device,
  registrationId: 'pump',
  attestation: 'symmetricKey',
  transport: 'mqtt',
  from,
});
const end = (device: string): HistoryEvent => ({
  at,
  kind: 'attempt-ended',
  device,
  registrationId: 'pump',
  outcome: 'failed',
  sentence: 's',
  telemetry: 'none',
  attempts: 2,
});
const decision = (judge: Judge, failed: CheckId | undefined, from?: string): HistoryEvent => ({
  at,
  kind: 'decision',
  judge,
  subject: 'pump',
  about: 'registration',
  ...(from === undefined ? {} : { from }),
  checks: failed === undefined ? [] : [{ check: failed, passed: false, expected: 'this', found: 'that' }],
});
const checksOf = (...events: HistoryEvent[]) =>
  observeRegistrations(events, new Map()).map(({ registration }) => [registration.device, registration.check]);

describe('the recorded reason of a registration attempt', () => {
  test('is not the failed check of its first request if a later request succeeded', () => {
    expect(
      checksOf(start('a', '1'), decision('dps', 'registration-quota-left'), decision('dps', undefined), end('a')),
    ).toEqual([['a', undefined]]);
  });

  test('is the failed check of the client that made the attempt, if two clients use one registration ID at the same time', () => {
    expect(
      checksOf(
        start('a', '1'),
        start('b', '2'),
        decision('dps', 'token-fresh', '2'),
        decision('dps', 'no-registration-under-way', '1'),
        decision('dps', undefined, '2'),
        end('a'),
        end('b'),
      ),
    ).toEqual([
      ['a', 'no-registration-under-way'],
      ['b', undefined],
    ]);
  });
});

/** A scenario in which DPS throttles a device, and an injected fault then stops its retry. */
const throttledThenFaulty = (transport: string, fault: string): string => `
title: t
devices:
  a: { attestation: symmetricKey, transport: ${transport} }
  b: { attestation: symmetricKey, transport: ${transport} }
cloud:
  quotas: { registrationsPerMinute: 1 }
  faults: [${fault}]
timeline:
  - enroll: a
  - install-key: a
  - enroll: b
  - install-key: b
  - power-on: a
    expect: { assigned: hub-eu }
  - power-on: b
`;

test.each([
  ['https', '{ answer: 503, device: b }', 503001],
  ['mqtt', '{ answer: 500, device: b }', 500001],
  ['amqp', '{ answer: 503, device: b }', 503001],
  ['mqtt', '{ drop: true, device: b }', undefined],
  ['https', '{ answer: 503, device: b, operation: operation-status }', 503001],
])(
  'over %s, the recorded reason of a refused registration is the fault %s, and not an earlier throttling',
  async (wire, fault, errorCode) => {
    const [run] = await playText(throttledThenFaulty(wire, fault));
    const last = run?.registrations.at(-1);
    expect([last?.device, last?.outcome, last?.check, last?.errorCode]).toEqual([
      'b',
      'refused',
      'no-fault-ordered',
      errorCode,
    ]);
  },
);

describe('a device whose connection ends because a second client uses its client ID', () => {
  const units = `
title: t
pki: { ca: {} }
cloud: { enrollmentGroups: { g: { x509: { ca: ca } } } }
stations: { flash: { holds: { cas: [ca] } } }
devices:
  golden: { attestation: x509 }
  meter: { attestation: x509, count: 2 }
timeline:
  - issue-certificate: { device: golden, from: ca }
  - produce:
      device: meter
      takt: PT20S
      route:
        - at: flash
          do:
            - flash-image: { from: golden, carries: [config, certificate, private-key, registration-id] }
            - package:
    expect: { shipped: 2 }
  - power-on: meter
`;

  test('is refused by the check `no-registration-under-way`, and the second client is assigned', async () => {
    const [run] = await playText(units);
    const seen = run?.registrations.map(({ device, outcome, check, decidedBy }) => [device, outcome, check, decidedBy]);
    expect(seen).toEqual([
      ['meter-1', 'refused', 'no-registration-under-way', 'dps'],
      ['meter-2', 'assigned', undefined, undefined],
    ]);
  });
});

describe('a registration ID with a slash', () => {
  test.each(['mqtt', 'https', 'amqp'])(
    'is refused by DPS over %s, and no decision names only the part before the slash',
    async (transport) => {
      const [run] = await playText(`
title: t
pki: { ca: {} }
devices: { d: { attestation: x509, registrationId: "a/b", transport: ${transport} } }
cloud: { enrollmentGroups: { g: { x509: { ca: ca } } } }
timeline:
  - issue-certificate: { device: d, from: ca }
  - power-on: d
    expect: { refused: registration-id-valid }
`);
      expect(run?.registrations[0]).toMatchObject({
        outcome: 'refused',
        check: 'registration-id-valid',
        decidedBy: 'dps',
      });
      const subjects = run?.history.flatMap((event) => (event.kind === 'decision' ? [event.subject] : []));
      expect(subjects).not.toContain('a');
    },
  );
});
