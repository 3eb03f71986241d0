import type { CheckId } from '../checks.ts';
import { isoInstant } from '../time/clock.ts';
import type { Fate, HistoryEvent } from '../history/events.ts';

/** The numbers of one run of a production line, such as the yield. */
export interface LineReport {
  /** The device or fleet that the production line built. */
  readonly product: string;
  /** Index of the step, from 0. */
  readonly step: number;
  readonly stations: readonly string[];
  readonly ordered: number;
  readonly built: number;
  readonly fates: Readonly<Record<Fate, number>>;
  /** Number of units that the quality check rejected, by the check that failed. */
  readonly catches: Readonly<Partial<Record<CheckId, number>>>;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** Shipped units per hour of virtual time. */
  readonly perHour: number;
  /** Share of the built units that the production line did not scrap, from 0 to 1. */
  readonly yield: number;
  /**
   * Names of the stations that needed a network: to reach the service, or to reach a CA whose key the station does not
   * have.
   */
  readonly online: readonly string[];
}

/** Returns one report for each production run that ended. */
export function lineReports(events: readonly HistoryEvent[]): readonly LineReport[] {
  const reports: LineReport[] = [];
  let step = 0;
  let from = 0;
  for (const [index, event] of events.entries()) {
    if (event.kind === 'step-started') [step, from] = [event.step, index];
    if (event.kind === 'line-ended') reports.push(reportOf(step, event, events.slice(from, index)));
  }
  return reports;
}

function reportOf(
  step: number,
  { product, stations, ordered, startedAt, at }: HistoryEvent & { kind: 'line-ended' },
  events: readonly HistoryEvent[],
): LineReport {
  const units = events.filter((event) => event.kind === 'unit');
  const fates: Record<Fate, number> = { shipped: 0, unpacked: 0, scrapped: 0, rejected: 0, 'off-the-books': 0 };
  const catches: Partial<Record<CheckId, number>> = {};
  for (const { fate, check } of units) {
    fates[fate]++;
    if (check !== undefined) catches[check] = (catches[check] ?? 0) + 1;
  }
  const hours = (at - startedAt) / 3_600_000;
  const asked = new Set(events.filter((event) => event.kind === 'asked-afar').map(({ station }) => station));
  return {
    product,
    step,
    stations,
    ordered,
    built: units.length,
    fates,
    catches,
    startedAt: isoInstant(startedAt),
    endedAt: isoInstant(at),
    perHour: hours === 0 ? 0 : rounded(fates.shipped / hours),
    yield: units.length === 0 ? 0 : rounded((units.length - fates.scrapped) / units.length),
    online: stations.filter((station) => asked.has(station)),
  };
}

/** Rounds to two digits after the decimal point. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
