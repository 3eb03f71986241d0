import { expect, test } from 'vitest';
import type { Run } from '../../../core/run/run.ts';
import type { RunController } from '../../../sim/play/run-controller.ts';
import { comparableResult } from '../../scenarios/comparable-result.ts';
import { playText } from '../play.ts';
import { swtpmMissing } from '../swtpm-present.ts';

/** A device that visits its hub. @param field the properties of its step `run-in-field`, without the name of the device. */
const sensor = (field: string, words = '', cloud = ''): string => `
title: A sensor reports${cloud}
devices: { sensor: { attestation: symmetricKey${words} } }
timeline:
  - enroll: sensor
  - install-key: sensor
  - package: sensor
  - power-on: sensor
  - run-in-field: { device: sensor, ${field} }
    expect: { assigned: true }
`;

/** Two devices with one endorsement key, and so with one registration ID. */
const twins = `
title: Two TPMs have one seed
devices: { board: { attestation: tpm, count: 2, registrationId: from-endorsement-key } }
timeline:
  - copy-tpm: { device: board-2, from: board-1, makersFault: true }
  - extract-ek: board-1
  - enroll: board-1
  - package: board
  - power-on: board
  - run-in-field: { device: board, for: P5D, visits: P1D }
    expect: { assigned: true }
`;

const certified = (validity: string): string => `
title: A thermostat reports
pki: { ca: {} }
cloud: { enrollmentGroups: { thermostats: { x509: { ca: ca } } } }
devices: { thermostat: { attestation: x509 } }
timeline:
  - issue-certificate: { device: thermostat, from: ca, validity: ${validity} }
  - package: thermostat
  - power-on: thermostat
  - run-in-field: { device: thermostat, for: P40D, visits: P1D }
    expect: { assigned: true }
`;

async function play(text: string, allByWire = false, controller?: RunController): Promise<Run> {
  const [run] = await playText(text, 'quiet', controller, allByWire);
  if (run === undefined) throw new Error('nothing was played');
  return run;
}

const summaries = ({ history }: Run) => history.flatMap((event) => (event.kind === 'quiet-visits' ? [event] : []));

test('a run with ten years of daily hub visits is smaller than 200 KB, and counts every visit', async () => {
  const run = await play(sensor('for: P10Y, visits: P1D'));
  expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  const counted = run.registrations.reduce((sum, { visits = 1 }) => sum + visits, 0);
  // The count consists of 3653 days, the visit at the start of the step, and the registration before the step.
  expect(counted).toBe(3654);
  expect(Math.max(...summaries(run).map(({ visits }) => visits))).toBe(99);
  expect(JSON.stringify(run).length).toBeLessThan(200_000);
});

test.each<[string, string, boolean?]>([
  ['a symmetric key', sensor('for: P150D, visits: P1D')],
  ['a token that is valid for ten years', sensor('for: P30D, visits: P1D', ', tokenLifetime: P10Y')],
  [
    'a device that knows its hub by the host name for devices',
    sensor('for: P30D, visits: P1D', '', '\ncloud: { tls: azure-2026, fidelity: { assignedHub: device } }'),
  ],
  ['AMQP', sensor('for: P30D, visits: P1D', ', transport: amqp')],
  ['HTTPS', sensor('for: P30D, visits: P1D', ', transport: https')],
  [
    'a clock that drifts until the hub refuses the device',
    sensor('for: P300D, visits: P10D', ', ntp: false, clockDrift: -200'),
  ],
  ['a device that always registers', sensor('for: P10D, visits: P1D', ', boot: always-register'), false],
  ['a fleet', sensor('for: P30D, visits: P1D', ', count: 3')],
  ['a certificate that is valid until after the step', certified('P2Y')],
  ['a certificate that expires during the step', certified('P20D')],
])(
  'for %s, hub visits that are computed without connections give the same result as hub visits over real connections',
  async (_name, text, isQuiet = true) => {
    const [quiet, byWire] = [await play(text), await play(text, true)];
    expect(summaries(byWire)).toEqual([]);
    expect(summaries(quiet).length > 0).toBe(isQuiet);
    expect(comparableResult(quiet)).toEqual(comparableResult(byWire));
  },
);

test('the last hub visit before a certificate expires, and the first hub visit after the expiry, use real connections', async () => {
  const run = await play(certified('P20D'));
  const ends = run.history.flatMap((event) => (event.kind === 'attempt-ended' ? [event] : []));
  const refused = ends.findIndex(({ outcome }) => outcome === 'refused');
  const day = 24 * 60 * 60 * 1000;
  const [before, after] = [ends[refused - 1], ends[refused]];
  expect(before?.outcome).toBe('assigned');
  expect((after?.at ?? 0) - (before?.at ?? 0)).toBe(day);
  expect(summaries(run).length).toBeGreaterThan(0);
});

test.skipIf(swtpmMissing)('two devices with one identity use real connections for their hub visits', async () => {
  const [quiet, byWire] = [await play(twins), await play(twins, true)];
  expect(summaries(quiet)).toEqual([]);
  expect(comparableResult(quiet)).toEqual(comparableResult(byWire));
  expect(quiet.signals.map(({ signal }) => signal)).toContain('one-identity-two-places');
});

test('hub visits use real connections if a run controller observes the run', async () => {
  const run = await play(sensor('for: P10D, visits: P1D'), false, {
    onEvent: () => {},
    beforeWait: () => {},
    beforeStep: () => Promise.resolve(),
    beforeTimeJump: () => Promise.resolve(),
  });
  expect(summaries(run)).toEqual([]);
  expect(run.registrations).toHaveLength(12);
});

test.each(['hub', 'dps'])(
  'after a device renews its certificate from %s, its later hub visits are again computed without connections',
  async (from) => {
    const run = await play(`
title: A meter renews
cloud: { credentialPolicies: { monthly: { validityDays: 30 } } }
devices: { meter: { attestation: x509, credential: issued-by-dps, renewal: { from: ${from}, at: 0.8 } } }
timeline:
  - issue-certificate: { device: meter, validity: P20Y }
  - enroll: { device: meter, credentialPolicy: monthly }
  - power-on: meter
  - run-in-field: { device: meter, for: P100D, visits: P1D }
    expect: { assigned: true }
`);
    const field = run.history.findIndex((event) => event.kind === 'step-started' && event.name === 'run-in-field');
    const later = run.history.slice(field);
    const renewals = later.filter(
      (event) => event.kind === 'deed' && event.sentence.startsWith('its certificate is renewed'),
    );
    // The first and the last visit use a real connection. The visits after a renewal do not.
    expect(renewals).toHaveLength(4);
    expect(later.filter(({ kind }) => kind === 'attempt-ended')).toHaveLength(2);
    expect(summaries(run).map(({ visits }) => visits)).toEqual([24, 24, 24, 24, 3]);
  },
);
