import { expect, test } from 'vitest';
import type { Run } from '../../../core/run/run.ts';
import { playText } from '../play.ts';

const text = (fleet: string, device: string, cloud = '') => `
title: The core tier
cloud:
  quotas: { registrationsPerMinute: 5 }
  ${cloud}
  enrollmentGroups: { meters: { symmetricKey: true } }
devices:
  meter: { attestation: symmetricKey, count: 12, ${device}${fleet} }
timeline:
  - install-key: { device: meter, from: derived, group: meters }
  - power-on: meter
    expect: { telemetry: accepted }
  - roll-key: { group: meters }
  - register: meter
    after: P1D
    expect: { refused: token-signature-matches }
  - power-on: meter-3
    expect: { attempts: 0 }
`;

/** Returns the parts of a run that do not depend on real connections. */
function resultsOf(run: Run | undefined) {
  const attempts = (run?.registrations ?? []).map(({ sentence: _sentence, ...registration }) => registration);
  const decisions = (run?.history ?? []).flatMap((event) =>
    event.kind === 'decision'
      ? [
          `${event.at} ${event.judge} ${event.subject} ${event.checks.map(({ check, passed }) => `${check} ${passed}`).join()}`,
        ]
      : [],
  );
  return { attempts, decisions: decisions.filter((line) => !/ device .*server-/.test(line)) };
}

test.each([
  ['retry: back-off', ''],
  ['retry: node-mqtt', ''],
  ['retry: csharp', ''],
  ['retry: none, transport: https', ''],
  ['retry: back-off, transport: mqtt-ws', 'faults: [{ answer: 503, rate: 0.3 }]'],
  ['retry: python', 'faults: [{ drop: true, nth: 4 }, { delay: PT5S, nth: 2 }]'],
])(
  'the services make the same decisions for a fleet with `tier: core` as for devices with connections (device: `%s`; cloud: `%s`)',
  async (device, cloud) => {
    const [core] = await playText(text(', fleet: { tier: core }', device, cloud));
    const [wire] = await playText(text('', device, cloud));
    expect(resultsOf(core)).toEqual(resultsOf(wire));
    expect(core?.history.some(({ kind }) => kind === 'wire')).toBe(false);
    expect(wire?.history.some(({ kind }) => kind === 'wire')).toBe(true);
  },
);

test('a fleet of 3000 devices with `tier: core` keeps all decision traces', async () => {
  const [run] = await playText(`
title: Many
cloud: { enrollmentGroups: { meters: { symmetricKey: true } }, quotas: { registrationsPerMinute: 3000 } }
devices: { meter: { attestation: symmetricKey, count: 3000, fleet: { tier: core } } }
timeline:
  - install-key: { device: meter, from: derived, group: meters }
  - power-on: meter
    expect: { assigned: true, attempts: 1 }
`);
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  expect(run?.registrations).toHaveLength(3000);
});
