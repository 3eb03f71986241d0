import type { Run } from '../../core/run/run.ts';
import { wallMs } from '../../core/time/clock.ts';
import { playText } from '../sim/play.ts';

const scenario = (wait: string): string => `
title: A thermostat waits
pki: { ca: {} }
cloud: { enrollmentGroups: { thermostats: { x509: { ca: ca } } } }
devices: { thermostat: { attestation: x509 } }
timeline:
  - issue-certificate: { device: thermostat, from: ca, validity: P5Y }
  - package: thermostat
  - power-on: thermostat
    after: ${wait}
    expect: { assigned: hub-eu }
`;

/** Returns the real milliseconds that a year in the warehouse adds to a scenario: the median over pairs of runs. */
export async function yearAddsMs(pairs: number): Promise<number> {
  const differences: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const second = await played('PT1S');
    differences.push((await played('P1Y')) - second);
  }
  return Math.round((differences.toSorted((a, b) => a - b)[Math.floor(pairs / 2)] ?? Number.NaN) * 10) / 10;
}

async function played(wait: string): Promise<number> {
  return (await timed(scenario(wait))).ms;
}

const tenYears = `
title: A sensor reports each day for ten years
devices: { sensor: { attestation: symmetricKey } }
timeline:
  - enroll: sensor
  - install-key: sensor
  - package: sensor
  - power-on: sensor
  - run-in-field: { device: sensor, for: P10Y, visits: P1D }
    expect: { assigned: true }
`;

/**
 * Returns the real milliseconds, the size of run.json in bytes and the number of attempts of a device that visits its hub daily for ten
 * years.
 */
export async function tenYearsOfVisits(): Promise<{
  readonly ms: number;
  readonly bytes: number;
  readonly attempts: number;
}> {
  const { ms, run } = await timed(tenYears);
  const attempts = run.registrations.reduce((sum, { visits = 1 }) => sum + visits, 0);
  return { ms: Math.round(ms), bytes: JSON.stringify(run).length, attempts };
}

const renewed = (from: 'hub' | 'dps'): string => `
title: A meter renews a certificate of thirty days for ten years
cloud: { credentialPolicies: { monthly: { validityDays: 30 } } }
devices: { meter: { attestation: x509, credential: issued-by-dps, renewal: { from: ${from}, at: 0.8 } } }
timeline:
  - issue-certificate: { device: meter, validity: P20Y }
  - enroll: { device: meter, credentialPolicy: monthly }
  - power-on: meter
  - run-in-field: { device: meter, for: P10Y, visits: P1D }
    expect: { assigned: true }
`;

/**
 * Returns the real milliseconds, the processor time in milliseconds and the size of run.json in bytes of a device that renews its
 * certificate for ten years. The certificate is valid for thirty days; the device renews it through its hub and, in a second run, through
 * DPS.
 */
export async function tenYearsOfRenewals(): Promise<Readonly<Record<'hub' | 'dps', object>>> {
  const measure = async (from: 'hub' | 'dps'): Promise<object> => {
    const before = process.cpuUsage();
    const { ms, run } = await timed(renewed(from));
    const { user, system } = process.cpuUsage(before);
    return { ms: Math.round(ms), cpuMs: Math.round((user + system) / 1000), bytes: JSON.stringify(run).length };
  };
  return { hub: await measure('hub'), dps: await measure('dps') };
}

/**
 * Returns the real milliseconds of a fleet of TPMs from the first key to telemetry, and the same for this fleet in a second simulation in
 * this process.
 */
export async function tpmFleet(count: number): Promise<{ readonly firstMs: number; readonly secondMs: number }> {
  const fleet = `
title: Gateways with TPMs
devices: { gateway: { attestation: tpm, count: ${count} } }
timeline:
  - extract-ek: gateway
  - enroll: gateway
  - package: gateway
  - power-on: gateway
    expect: { assigned: true }
`;
  const [first, second] = [await timed(fleet), await timed(fleet)];
  return { firstMs: Math.round(first.ms), secondMs: Math.round(second.ms) };
}

async function timed(text: string): Promise<{ readonly ms: number; readonly run: Run }> {
  const started = wallMs();
  const [run] = await playText(text);
  if (run?.verdict.kind !== 'pass') throw new Error(run?.verdict.reason ?? 'nothing was played');
  return { ms: wallMs() - started, run };
}
