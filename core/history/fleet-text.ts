import { spokenBetween } from '../time/spoken-between.ts';
import type { FleetLife, FleetRun } from './fleet-run.ts';

/** Describes the attempts of a fleet in one line. */
export function fleetText(run: FleetRun): string {
  const { devices, outcomes, refusals, requests, throttled, peakPerMinute, waits, attempts, life, calibration } = run;
  const lost = refusals.map(
    ({ count, check }) => `, ${number(count)} ${check === undefined ? 'failed' : `refused by ${check}`}`,
  );
  const times = Object.entries(waits).map(([name, wait]) => `${name} ${wait === null ? 'never' : spoken(wait)}`);
  const checked =
    calibration.differences.length === 0
      ? `${calibration.compared} sampled devices match the simulation`
      : `${calibration.differences.length} of ${calibration.compared} sampled devices differ from the simulation`;
  return [
    `${number(outcomes.assigned)} of ${number(devices)} devices assigned${lost.join('')}`,
    `time to service ${times.join(', ')}`,
    `${number(requests)} requests, ${number(throttled)} answered with 429, at most ${number(peakPerMinute)} requests per minute and ${attempts.max} ${attempts.max === 1 ? 'attempt' : 'attempts'} per device`,
    ...(life === undefined || life.renewals + life.failedRenewals === 0 ? [] : [renewalsText(life)]),
    checked,
  ].join('; ');
}

function renewalsText({ renewals, failedRenewals }: FleetLife): string {
  return `${number(renewals)} certificate renewals succeeded, ${number(failedRenewals)} failed`;
}

/** Formats a number with commas between thousands, whatever the locale of the computer is. */
function number(value: number): string {
  return value.toLocaleString('en');
}

function spoken(wait: number): string {
  return wait === 0 ? 'at once' : spokenBetween(0, Math.ceil(wait / 1000) * 1000);
}
