import type { LineReport } from '../../core/findings/line-report.ts';
import type { SecretHolding } from '../../core/findings/secrets.ts';
import { counted as countedNoun } from '../markup/counted.ts';

/**
 * Describes the report of a production run in one line: how many units were shipped, scrapped or rejected, the speed, the stations that
 * were online, and the persons, companies or machines (parties) that could read secrets.
 */
export function lineText(line: LineReport, secrets: readonly SecretHolding[]): string {
  const { fates } = line;
  const others = [
    ...counted(fates.scrapped, 'scrapped'),
    ...counted(fates.rejected, `rejected (${Object.entries(line.catches).map(caught).join(', ')})`),
    ...counted(fates.unpacked, 'not packed'),
    ...counted(fates['off-the-books'], 'surplus'),
  ];
  const parts = [
    [`${fates.shipped} of ${line.ordered} shipped`, ...others].join(', '),
    `${line.perHour} an hour`,
    `yield ${Math.round(line.yield * 100)} %`,
    `online: ${line.online.join(', ') || 'no station'}`,
    `parties that could read secrets: ${readers(line, secrets).join(', ') || 'none'}`,
  ];
  return `line ${line.product}: ${parts.join('; ')}`;
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function caught([check, count]: readonly [string, number]): string {
  return `${check} ${count}`;
}

/**
 * Returns the parties that could read secrets at a station during the production run. For each party, adds how many secrets it could read,
 * and how many of these it could still read after the production run.
 */
function readers({ stations, startedAt, endedAt }: LineReport, secrets: readonly SecretHolding[]): readonly string[] {
  const seen = secrets.filter(
    ({ place, sealed, from, to }) =>
      sealed !== true && stations.includes(place) && from <= endedAt && (to === null || to >= startedAt),
  );
  const parties = [...new Set(seen.map(({ party }) => party))];
  return parties.map((party) => {
    const theirs = seen.filter((one) => one.party === party);
    const kept = different(theirs.filter(({ to }) => to === null || to > endedAt));
    const secretCount = countedNoun(different(theirs), 'secret');
    return `${party} (${secretCount}${kept === 0 ? '' : `, ${kept} still after the run`})`;
  });
}

/** Counts a secret once, even if several secret locations, such as a station and a device, have a copy. */
function different(holdings: readonly SecretHolding[]): number {
  return new Set(holdings.map(({ secret }) => secret)).size;
}
