import { describe, expect, test } from 'vitest';
import type { FleetRules } from '../../../core/cloud/fleet-rules.ts';
import type { StartCloud } from '../../../core/cloud/cloud.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';
import { retryModes } from '../../../sim/devices/retry.ts';
import { playScenario } from '../../../sim/play/play-scenario.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';
import { playText } from '../play.ts';
import { fleetsIn } from './fleets-in.ts';

const text = ({
  retry = 'back-off',
  count = 60,
  fleet = '{ samples: 6 }',
  cloud = '',
  expect = 'assigned: true',
} = {}) => `
title: A fleet that is simulated as numbers
cloud:
  quotas: { registrationsPerMinute: 10 }
  ${cloud}
  enrollmentGroups: { meters: { symmetricKey: true } }
devices:
  meter: { attestation: symmetricKey, count: ${count}, retry: ${retry}, fleet: ${fleet} }
timeline:
  - install-key: { device: meter, from: derived, group: meters }
  - power-on: meter
    expect: { ${expect} }
`;

describe.each(retryModes)('a fleet with retry %s', (retry) => {
  test.each(['sliding', 'fixed'])(
    'has the same results as its sampled devices, which use real connections, under a quota with a %s window',
    async (window) => {
      const [run] = await playText(text({ retry, cloud: `fidelity: { throttleWindow: ${window} }` }));
      const [fleet] = fleetsIn(run);
      expect(fleet?.calibration.differences).toEqual([]);
      expect(fleet?.calibration.compared).toBeGreaterThanOrEqual(6);
      expect(fleet?.devices).toBe(60);
      expect((fleet?.outcomes.assigned ?? 0) + (fleet?.outcomes.refused ?? 0)).toBe(60);
    },
  );
});

test('a fleet gives the same counts as the same devices over real connections', async () => {
  const [numbers] = fleetsIn((await playText(text({ retry: 'node-mqtt', count: 30 })))[0]);
  const real = text({ retry: 'node-mqtt', count: 30 }).replace(', fleet: { samples: 6 }', '');
  const [run] = await playText(real);
  const attempts = (run?.registrations ?? []).map((each) => each.attempts);
  expect(numbers?.requests).toBe(attempts.reduce((sum, each) => sum + each, 0));
  expect(numbers?.attempts.max).toBe(Math.max(...attempts));
  expect(numbers?.outcomes.assigned).toBe(30);
});

test('the sampled devices of a fleet include the slowest device and, for each check, the first device that the check refuses', async () => {
  const [run] = await playText(text({ retry: 'c' }));
  const [fleet] = fleetsIn(run);
  expect(fleet?.refusals.map(({ check }) => check)).toEqual(['registration-quota-left']);
  const reasons = fleet?.samples.map(({ chosenAs }) => chosenAs);
  expect(reasons).toContain('the first device refused by registration-quota-left');
  const slowest = Math.max(...(fleet?.samples ?? []).map(({ took }) => took));
  expect(slowest).toBeGreaterThanOrEqual(fleet?.timeToService.max ?? Infinity);
  const traced = run?.registrations.map(({ device }) => device);
  expect(traced?.toSorted()).toEqual(fleet?.samples.map(({ device }) => device).toSorted());
});

test('fleet members connect to their assigned hub after a restart, and do not register again', async () => {
  const [run] = await playText(
    `${text({ retry: 'node-mqtt' })}  - power-on: meter\n    after: P1D\n    expect: { attempts: 0, assigned: hub-eu }\n`,
  );
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  expect(fleetsIn(run)[1]?.requests).toBe(0);
});

test('the same seed gives a fleet the same results, and another seed gives other results', async () => {
  const of = async (seed: string) => fleetsIn((await playText(text(), seed))[0]);
  expect(await of('one')).toEqual(await of('one'));
  expect(await of('one')).not.toEqual(await of('two'));
});

test('each cohort of a fleet uses its own start time and retry mode', async () => {
  const cohorts =
    '{ cohorts: [{ share: 0.5, starts: PT1H, retry: node-http }, { share: 0.5, after: PT2H, retry: node-mqtt }] }';
  const [run] = await playText(text({ fleet: cohorts, expect: 'assigned: ">= 50 %", throttled: "<= 4 per device"' }));
  const [fleet] = fleetsIn(run);
  expect(fleet?.calibration.differences).toEqual([]);
  expect(run?.verdict.kind).toBe('pass');
});

test.each([
  'answer: 503',
  'answer: 429, retryAfter: 7',
  'drop: true',
  'delay: PT5S',
  'answer: 500, operation: operation-status',
])(
  'a fleet has the same results as its sampled devices, which use real connections, under the fault %s',
  async (fault) => {
    const cloud = `faults: [{ ${fault}, from: 2026-01-05T08:00:00Z, to: 2026-01-05T08:02:30Z }]`;
    for (const retry of ['back-off', 'node-mqtt', 'csharp', 'embedded-c', 'none']) {
      const [fleet] = fleetsIn((await playText(text({ cloud, retry })))[0]);
      expect([retry, fleet?.calibration.differences]).toEqual([retry, []]);
    }
  },
);

test('with hashed allocation, a simulated fleet gets the same hubs as its sampled devices, which use real connections', async () => {
  const cloud = 'hubs: [hub-eu, hub-us]';
  const [run] = await playText(text({ cloud, retry: 'node-mqtt', expect: 'assigned: true' }));
  const [fleet] = fleetsIn(run);
  expect(fleet?.calibration.differences).toEqual([]);
  expect(Object.keys(fleet?.hubs ?? {}).toSorted()).toEqual(['hub-eu.azure-devices.net', 'hub-us.azure-devices.net']);
});

test('if the group of a fleet is disabled, the check `enrollment-enabled` refuses the fleet', async () => {
  const [run] = await playText(
    text({ retry: 'node-mqtt', expect: 'refused: enrollment-enabled, assigned: "= 0 %"' })
      .replace('symmetricKey: true', 'symmetricKey: true, provisioningStatus: disabled')
      .replace(', assigned: "= 0 %"', ''),
  );
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
});

/** Starts a cloud whose rules for simulated fleets differ from the behaviour of its services. */
const disturbed =
  (change: (rules: FleetRules) => Partial<FleetRules>): StartCloud =>
  async (settings) => {
    const cloud = await startCloud(settings);
    return { ...cloud, fleetRules: { ...cloud.fleetRules, ...change(cloud.fleetRules) } };
  };

test.each<[string, string, (rules: FleetRules) => Partial<FleetRules>]>([
  [
    'a longer assignment',
    'end: 2026',
    ({ terms }) => ({ terms: { ...terms, assignmentMs: terms.assignmentMs + 3000 } }),
  ],
  ['a 429 without Retry-After', 'attempts', ({ terms }) => ({ terms: { ...terms, tellsRetryAfter: false } })],
  [
    'no quota',
    'attempts',
    ({ terms }) => ({ terms: { ...terms, isDisabled: (check) => check === 'registration-quota-left' } }),
  ],
  [
    'another decision',
    'outcome: refused in the simulation, assigned on the real device',
    () => ({
      foresee: async () => ({
        kind: 'refused',
        status: 401,
        check: 'token-fresh',
        decidedBy: 'dps',
        errorCode: 401002,
      }),
    }),
  ],
])(
  'a run is inconclusive, and names the difference from real connections, if the simulation has %s',
  async (_, words, change) => {
    const loaded = loadScenarios('test.yaml', text(), { steps, topics: [] });
    if (!loaded.ok || loaded.scenarios[0] === undefined) throw new Error('not loaded');
    const versions = { rehearsal: 'test', node: process.version };
    const run = await playScenario(loaded.scenarios[0], { seed: 'test', startCloud: disturbed(change), versions });
    expect(run.verdict.kind).toBe('unknown');
    expect(run.verdict.reason).toContain(
      'the simulation of fleet meter differs from a device over a real connection: meter-',
    );
    expect(run.verdict.reason).toContain(words);
  },
);

test('a fleet of 100,000 devices that never retry makes 100,000 requests', async () => {
  const [small] = await playText(text({ count: 1000, retry: 'none' }));
  const [large] = await playText(text({ count: 100_000, retry: 'none' }));
  expect(fleetsIn(small)[0]?.requests).toBe(1000);
  expect(fleetsIn(large)[0]?.requests).toBe(100_000);
});
