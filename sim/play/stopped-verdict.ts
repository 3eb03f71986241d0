import type { HistoryEvent } from '../../core/history/events.ts';
import { PartMissing } from '../../core/part-missing.ts';
import type { Verdict } from '../../core/run/run.ts';
import { OutsideCalendar } from '../../core/time/calendar.ts';
import { FleetUnclear } from '../fleet/fleet-unclear.ts';
import { brokenPartSentence, type BrokenPart } from '../processes/broken-parts.ts';
import { StepProblem } from '../world/step-problem.ts';
import { PlayStopped } from './play-stopped.ts';

/** Returns the verdict on a run that an error ended. */
export function verdictOn(error: unknown): Verdict {
  if (error instanceof StepProblem || error instanceof OutsideCalendar) return { kind: 'fail', reason: error.message };
  if (error instanceof PartMissing) return { kind: 'skipped', reason: error.message };
  if (error instanceof PlayStopped || error instanceof FleetUnclear) return { kind: 'unknown', reason: error.message };
  return { kind: 'unknown', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/**
 * Returns the verdict on a run in which helper programs crashed or failed; undefined if none did. The verdict is `unknown`, because a crash
 * can look like a result: a device without its helper program looks like a rejected device.
 */
export function verdictOnParts(broken: readonly BrokenPart[]): Verdict | undefined {
  if (broken.length === 0) return undefined;
  return { kind: 'unknown', reason: broken.map(brokenPartSentence).join('; ') };
}

/** Returns the verdict on fleets whose simulation differs from their sampled devices: no result of such a run is reliable. */
export function verdictOnFleets(events: readonly HistoryEvent[]): Verdict | undefined {
  const fleet = events.find((event) => event.kind === 'fleet' && event.calibration.differences.length > 0);
  if (fleet?.kind !== 'fleet') return undefined;
  const { device, calibration } = fleet;
  const [first] = calibration.differences;
  const more = calibration.differences.length - 1;
  const others = more === 0 ? '' : `, and ${more} more of ${calibration.compared}`;
  return {
    kind: 'unknown',
    reason: `the simulation of fleet ${device} differs from a device over a real connection: ${first}${others}; report this as a fault of rehearse`,
  };
}
