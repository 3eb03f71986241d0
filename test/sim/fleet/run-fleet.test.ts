import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { StartCloud } from '../../../core/cloud/cloud.ts';
import type { FleetRules } from '../../../core/cloud/fleet-rules.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { playScenario } from '../../../sim/play/play-scenario.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';
import { playText } from '../play.ts';
import { differencesIn, fleetsIn } from './fleets-in.ts';

interface Words {
  readonly device?: string;
  readonly fleet?: string;
  readonly renewal?: string;
  readonly quota?: number;
  readonly ca?: string;
  readonly validity?: string;
  readonly time?: string;
  readonly expect?: string;
  readonly more?: string;
}

/** A fleet whose devices get a certificate in the factory, start, and run in the field. */
const atCa = ({
  device = 'count: 30, retry: node-mqtt',
  fleet = ', fleet: { samples: 2 }',
  renewal = ', renewal: { from: ca, at: 0.9, validity: P30D, retry: P1D }',
  quota = 20,
  ca = 'P20Y',
  validity = 'P30D',
  time = 'P70D',
  expect: words = 'assigned: true',
  more = '',
}: Words = {}) => `
title: A fleet in the field
pki: { ca: { validity: ${ca} }, other: {} }
cloud:
  quotas: { registrationsPerMinute: ${quota} }
  enrollmentGroups: { meters: { x509: { ca: ca } } }
devices:
  meter: { attestation: x509, ${device}${renewal}${fleet} }
timeline:
  - issue-certificate: { device: meter, from: ca, validity: ${validity} }
  - power-on: meter
  - run-in-field: { device: meter, for: ${time}, visits: P1D }
    expect: { ${words} }
${more}`;

/** A fleet whose certificates for the hub come from DPS. */
const atDps = ({
  device = 'count: 30, retry: node-mqtt',
  fleet = ', fleet: { samples: 2 }',
  renewal = ', renewal: { from: dps, at: 0.95, retry: P1D }',
  quota = 20,
  time = 'P70D',
  expect: words = 'assigned: true',
}: Words = {}) => `
title: A fleet in the field
cloud:
  quotas: { registrationsPerMinute: ${quota} }
  credentialPolicies: { month: { validityDays: 30 } }
  enrollmentGroups: { meters: { symmetricKey: true, credentialPolicy: month } }
devices:
  meter: { attestation: symmetricKey, credential: issued-by-dps, ${device}${renewal}${fleet} }
timeline:
  - install-key: { device: meter, from: derived, group: meters }
  - power-on: meter
  - run-in-field: { device: meter, for: ${time}, visits: P1D }
    expect: { ${words} }
`;

test('each device with certificates for 30 days renews them 12 times in a year', async () => {
  const [run] = await playText(atDps({ time: 'P1Y', quota: 1000 }));
  const life = fleetsIn(run)[1]?.life;
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  expect(life?.renewalsPerDevice).toMatchObject({ min: 12, max: 12 });
  expect(life).toMatchObject({ renewals: 360, failedRenewals: 0, visits: 30 * 366, acceptedVisits: 30 * 366 });
  expect(new Set(fleetsIn(run)[1]?.samples.map(({ renewals }) => renewals))).toEqual(new Set([12]));
});

describe('a simulated fleet in the field has the same results as its sampled devices with real connections', () => {
  test.each<[string, string]>([
    ['that renew at their CA', atCa()],
    ['that all renew at the same time at their CA without retries', atCa({ device: 'count: 30, retry: none' })],
    [
      'that overwrite the old certificate when they renew',
      atCa({
        device: 'count: 30, retry: none',
        renewal: ', renewal: { from: ca, at: 0.6, validity: P30D, retry: P1D, keepsOld: false }',
      }),
    ],
    [
      'that renew at a CA that the group does not know',
      atCa({ renewal: ', renewal: { from: other, at: 0.5 }', time: 'P45D' }),
    ],
    ['with certificates that expire', atCa({ renewal: '', time: 'P45D' })],
    ['with a group CA that expires', atCa({ ca: 'P40D', fleet: ', fleet: { samples: 2, starts: PT12H }' })],
    ['that register at every visit', atCa({ device: 'count: 30, boot: always-register', time: 'P32D' })],
    ['that renew at DPS', atDps({ fleet: ', fleet: { samples: 2, starts: P2D }' })],
    ['that all renew at the same time at DPS without retries', atDps({ device: 'count: 30, retry: none' })],
    ['with issued certificates that expire', atDps({ renewal: '' })],
    [
      'with symmetric keys, over AMQP',
      atDps({ renewal: '', time: 'P3D' }).replaceAll('count: 30', 'transport: amqp, count: 30'),
    ],
    ['with tokens that are valid for a second', atDps({ device: 'count: 30, tokenLifetime: PT1S' })],
  ])('devices %s', async (_, text) => {
    const [run] = await playText(text);
    expect(fleetsIn(run)).toHaveLength(2);
    expect(differencesIn(run)).toEqual([]);
    for (const { calibration } of fleetsIn(run)) expect(calibration.compared).toBeGreaterThanOrEqual(2);
  });
});

// In this scenario, the quota of DPS admits one more request in a millisecond in which two sampled devices send requests.
test('two fleet devices that send real requests in the same millisecond have the same results as in the simulation', async () => {
  const file = 'scenarios/fleets/certificates-for-30-days.yaml';
  const loaded = loadScenarios(file, readFileSync(file, 'utf8'), { steps, topics: ['automatic-provisioning'] });
  const scenario = loaded.ok
    ? loaded.scenarios.find(({ variant }) => variant.startsWith('renewals all at once'))
    : undefined;
  if (scenario === undefined) throw new Error('not loaded');
  const versions = { rehearsal: 'test', node: process.version };
  const run = await playScenario(scenario, { seed: 'c14d2b927803', startCloud, versions });
  expect(differencesIn(run)).toEqual([]);
  expect(run.verdict.kind).toBe('pass');
});

test('a fleet that renews makes as many requests as the same devices over real connections', async () => {
  const words = { quota: 1000, device: 'count: 5, retry: node-mqtt' };
  const [numbers] = await playText(atCa(words));
  const [real] = await playText(atCa({ ...words, fleet: '' }));
  const registered = (real?.history ?? []).filter(
    (event) => event.kind === 'service-record' && event.service === 'dps' && event.outcome === 'attested',
  );
  expect(fleetsIn(numbers).reduce((sum, { requests }) => sum + requests, 0)).toBe(registered.length);
});

test('a simulated device keeps its certificate and renewal progress when a later step gives it real connections', async () => {
  // The slowest device of the last step was not a sampled device in the earlier steps.
  const more = '  - register: meter\n    expect: { assigned: true }\n  - run-in-field: { device: meter, for: P40D }\n';
  const [run] = await playText(atCa({ quota: 10, more, fleet: ', fleet: { samples: 1 }' }));
  expect(differencesIn(run)).toEqual([]);
  const devices = fleetsIn(run).map(({ samples }) => samples.map(({ device }) => device));
  expect(new Set(devices.flat()).size).toBeGreaterThan(1);
});

test('a device whose certificate expired in the warehouse stays out of service', async () => {
  const text = atCa({ validity: 'P6M', renewal: '', time: 'P20D' }).replace(
    '  - power-on',
    '    after: P1D\n  - power-on: meter\n    after: P1Y\n    expect: { refused: certificate-valid-now }\n  - power-on',
  );
  const [run] = await playText(
    text.replace('expect: { assigned: true }', 'expect: { refused: certificate-valid-now }'),
  );
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
});

describe('individual enrollments for all devices of a fleet', () => {
  const enrolled = (attestation: string, credentials: readonly string[], expect: string) => `
title: A fleet with individual enrollments
devices:
  meter: { attestation: ${attestation}, count: 40, fleet: { samples: 3 } }
timeline:
${credentials.map((step) => `  - ${step}`).join('\n')}
  - power-on: meter
    expect: { ${expect} }
`;
  const issued = 'issue-certificate: { device: meter, validity: P1Y }';
  test.each<[string, string, readonly string[], string]>([
    ['with symmetric keys', 'symmetricKey', ['enroll: meter', 'install-key: meter'], 'assigned: true'],
    ['with certificates', 'x509', [issued, 'enroll: meter'], 'assigned: true'],
    [
      'that are disabled',
      'symmetricKey',
      ['enroll: { device: meter, provisioningStatus: disabled }', 'install-key: meter'],
      'refused: enrollment-enabled',
    ],
    [
      'with certificates that the devices replaced later',
      'x509',
      [issued, 'enroll: meter', 'issue-certificate: { device: meter, validity: P2Y }'],
      'refused: thumbprint-matches',
    ],
  ])(
    '%s have the same result in the simulation and over real connections',
    async (_, attestation, credentials, words) => {
      const [run] = await playText(enrolled(attestation, credentials, words));
      expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
      expect(differencesIn(run)).toEqual([]);
    },
  );

  test('are required: DPS refuses a fleet without enrollments', async () => {
    const [run] = await playText(enrolled('x509', [issued], 'refused: enrollment-found'));
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  });

  test('do not permit these devices to renew certificates at a CA', async () => {
    const text = `${enrolled('x509', ['issue-certificate: { device: meter, from: ca }', 'enroll: meter'], 'assigned: true')}  - run-in-field: { device: meter, for: P1Y }\n`;
    const [run] = await playText(
      text.replace('count: 40', 'count: 40, renewal: { from: ca }').replace('devices:', 'pki: { ca: {} }\ndevices:'),
    );
    expect(run?.verdict.kind).toBe('fail');
    expect(run?.verdict.reason).toContain('use an enrollment group, or write `from: dps`');
  });
});

/** Starts a cloud whose rules for simulated fleets differ from the behaviour of its services. */
const disturbed =
  (change: (rules: FleetRules) => Partial<FleetRules>): StartCloud =>
  async (settings) => {
    const cloud = await startCloud(settings);
    return { ...cloud, fleetRules: { ...cloud.fleetRules, ...change(cloud.fleetRules) } };
  };

const dayMs = 86_400_000;

test.each<[string, string, string, (rules: FleetRules) => Partial<FleetRules>]>([
  [
    'certificates that are valid for a day longer',
    atDps(),
    'issued certificate',
    (rules) => ({
      foresee: async (...call) => {
        const forecast = await rules.foresee(...call);
        if (forecast.kind !== 'assigned') return forecast;
        return {
          ...forecast,
          issued: (at) => {
            const validity = forecast.issued?.(at);
            return validity && { ...validity, notAfter: validity.notAfter + dayMs };
          },
        };
      },
    }),
  ],
  [
    'hubs that reject a valid certificate',
    atCa({ time: 'P5D' }),
    'requests: 1 (',
    () => ({ foreseeVisit: () => ({ accepted: false, check: undefined }) }),
  ],
  [
    'a service that accepts expired certificates',
    atCa({ renewal: '', time: 'P45D' }),
    'outcome: assigned in the simulation, refused on the real device',
    (rules) => ({
      foresee: async (call, circumstances) => {
        const forecast = await rules.foresee(call, circumstances);
        const host = 'hub-eu.azure-devices.net';
        return forecast.kind === 'assigned' ? forecast : { kind: 'assigned', host };
      },
      foreseeVisit: () => ({ accepted: true }),
    }),
  ],
])(
  'a run is inconclusive, and names the difference from real connections, if the simulation has %s',
  async (_, text, words, change) => {
    const loaded = loadScenarios('test.yaml', text, { steps, topics: [] });
    if (!loaded.ok || loaded.scenarios[0] === undefined) throw new Error('not loaded');
    const versions = { rehearsal: 'test', node: process.version };
    const run = await playScenario(loaded.scenarios[0], { seed: 'test', startCloud: disturbed(change), versions });
    expect(run.verdict.kind).toBe('unknown');
    expect(run.verdict.reason).toContain('the simulation of fleet meter differs from a device over a real connection');
    expect(run.verdict.reason).toContain(words);
  },
);
