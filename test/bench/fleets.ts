import { defined } from '../../core/defined.ts';
import { wallMs } from '../../core/time/clock.ts';
import type { FleetRun } from '../../core/history/fleet-run.ts';
import type { FleetRules } from '../../core/cloud/fleet-rules.ts';
import { Quota } from '../../core/rules/quota.ts';
import { Fleet } from '../../sim/fleet/fleet.ts';
import type { Forecasts } from '../../sim/fleet/forecasts.ts';
import { Herd } from '../../sim/fleet/herd.ts';
import { playText } from '../sim/play.ts';

/** Returns a scenario in which all devices of a fleet start at once and retry until they are in service. */
const herd = (count: number, quota: number, fleet: string): string => `
title: A herd
cloud:
  quotas: { registrationsPerMinute: ${quota} }
  enrollmentGroups: { meters: { symmetricKey: true } }
devices:
  meter: { attestation: symmetricKey, count: ${count}, tries: 1000, fleet: ${fleet} }
timeline:
  - install-key: { device: meter, from: derived, group: meters }
  - power-on: meter
    expect: { assigned: true }
`;

/** Returns a scenario of a year in the field. The certificates are valid for 30 days, and DPS or the hub issues the next certificates. */
const year = (count: number, quota: number, from: 'dps' | 'hub'): string => `
title: A year with certificates for 30 days
cloud:
  quotas: { registrationsPerMinute: ${quota} }
  credentialPolicies: { month: { validityDays: 30 } }
  enrollmentGroups: { meters: { symmetricKey: true, credentialPolicy: month } }
devices:
  meter:
    attestation: symmetricKey
    credential: issued-by-dps
    count: ${count}
    tries: 1000
    renewal: { from: ${from}, at: 0.95, retry: PT1H }
    fleet: { starts: P10D, samples: 2 }
timeline:
  - install-key: { device: meter, from: derived, group: meters }
  - power-on: meter
    expect: { assigned: true }
  - run-in-field: { device: meter, for: P1Y, visits: P1D }
    expect: { assigned: true }
`;

interface HerdFigures {
  readonly devices: number;
  readonly requests: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Resident memory of the whole process at the end, in MB. */
  readonly rssMb: number;
  /** Largest resident memory of the process so far, in MB. */
  readonly peakRssMb: number;
  /** Number of certificates that were renewed. */
  readonly renewals?: number;
}

async function play(count: number, text: string): Promise<HerdFigures> {
  const [startedAt, cpu] = [wallMs(), process.cpuUsage()];
  const [run] = await playText(text);
  if (run?.verdict.kind !== 'pass') throw new Error(`a fleet did not pass: ${run?.verdict.reason ?? 'no run'}`);
  const { user, system } = process.cpuUsage(cpu);
  const found = run.history.findLast((event): event is typeof event & FleetRun => event.kind === 'fleet');
  return {
    devices: count,
    requests: found?.requests ?? run.registrations.reduce((sum, { attempts }) => sum + attempts, 0),
    wallMs: Math.round(wallMs() - startedAt),
    cpuMs: Math.round((user + system) / 1000),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    peakRssMb: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
    ...defined({ renewals: found?.life?.renewals }),
  };
}

/**
 * Returns the processor time per device in microseconds. It simulates a fleet without a scenario and without sampled devices, so the time
 * contains no other work.
 */
async function simulate(count: number, times: number): Promise<number> {
  const quota = { limit: count / 10, windowMs: 60_000, counted: 'sliding' } as const;
  const terms = {
    retryAfterSeconds: 3,
    assignmentMs: 4000,
    pollQuota: { limit: 5, windowMs: 10_000, counted: 'sliding' },
    tellsRetryAfter: true,
    isDisabled: () => false,
  } as const;
  const rules = { terms, registrationQuota: () => new Quota(quota) } as unknown as FleetRules;
  const host = 'hub-eu.azure-devices.net';
  const forecasts: Forecasts = {
    notReady: undefined,
    classOf: () => 0,
    classes: [
      {
        visit: { valid: false, invalid: false },
        issuance: () => ({ isTrusted: false }),
        registrations: [[[{ from: 0, byHub: [{ kind: 'assigned', host }] }]]],
      },
    ],
    chosenHub: () => 0,
  };
  const fleet = new Fleet({
    name: 'meter',
    size: count,
    transport: 'mqtt',
    boot: 'hub-first',
    retry: 'back-off',
    tries: 1000,
    registrationId: undefined,
    attestation: 'symmetricKey',
    credential: 'own',
    renewal: undefined,
    renewAt: undefined,
    words: { tier: 'numbers', samples: 1 },
    seed: 7,
    hubs: [host],
    makeDevice: () => {
      throw new Error('the bench has no real devices');
    },
  });
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++)
    await new Herd({ fleet, mode: 'as-configured', startAt: 0, rules, faults: [], forecasts }).run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (count * times);
}

/**
 * Measures fleets: a million simulated devices under the real quota until all are in service, and a year in which they renew their
 * certificates, at DPS and through their hubs. It also measures a fleet of 10,000 devices with `tier: core` in the scenario file. Finally,
 * it measures the processor time per device of 100,000 devices, as a ratio to the time per device of 1000 devices.
 */
export async function fleets() {
  const ratios: number[] = [];
  await simulate(1000, 20);
  for (let turn = 0; turn < 5; turn++) ratios.push((await simulate(100_000, 1)) / (await simulate(1000, 100)));
  const million = await play(1_000_000, herd(1_000_000, 1000, '{ samples: 2 }'));
  const yearOfMillion = await play(1_000_000, year(1_000_000, 1000, 'dps'));
  const yearAtHubs = await play(1_000_000, year(1_000_000, 1000, 'hub'));
  const [ratio = 0] = ratios.toSorted((a, b) => a - b).slice(2);
  const core10000 = await play(10_000, herd(10_000, 1000, '{ tier: core }'));
  const perDeviceRatioOf100000To1000 = Math.round(ratio * 100) / 100;
  return { million, yearOfMillion, yearAtHubs, core10000, perDeviceRatioOf100000To1000 };
}
