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
  const started = wallMs();
  const [run] = await playText(scenario(wait));
  if (run?.verdict.kind !== 'pass') throw new Error(run?.verdict.reason ?? 'nothing was played');
  return wallMs() - started;
}
