import type { LineReport } from '../../core/findings/line-report.ts';
import type { SecretHolding } from '../../core/findings/secrets.ts';

/** A production line in one line: what left it, what did not and why, how fast, and who could read how many secrets. */
export function lineText(line: LineReport, secrets: readonly SecretHolding[]): string {
  const { fates } = line;
  const others = [
    ...counted(fates.scrapped, 'scrapped'),
    ...counted(fates.rejected, `rejected (${Object.entries(line.catches).map(caught).join(', ')})`),
    ...counted(fates.unpacked, 'not packed'),
    ...counted(fates['off-the-books'], 'off the books'),
  ];
  const parts = [
    [`${fates.shipped} of ${line.ordered} shipped`, ...others].join(', '),
    `${line.perHour} an hour`,
    `yield ${Math.round(line.yield * 100)} %`,
    `online: ${line.online.join(', ') || 'nobody'}`,
    `secrets seen: ${readers(line, secrets).join(', ') || 'by nobody'}`,
  ];
  return `line ${line.product}: ${parts.join('; ')}`;
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function caught([check, count]: readonly [string, number]): string {
  return `${check} ${count}`;
}

/** Who could read a secret at one of the stations while the line ran, and what was left there. */
function readers({ stations, startedAt, endedAt }: LineReport, secrets: readonly SecretHolding[]): readonly string[] {
  const seen = secrets.filter(
    ({ place, sealed, from, to }) =>
      sealed !== true && stations.includes(place) && from <= endedAt && (to === null || to >= startedAt),
  );
  const parties = [...new Set(seen.map(({ party }) => party))];
  return parties.map((party) => {
    const theirs = seen.filter((one) => one.party === party);
    const kept = different(theirs.filter(({ to }) => to === null || to > endedAt));
    return `${party} ${different(theirs)}${kept === 0 ? '' : ` (${kept} kept)`}`;
  });
}

/** The same secret in two places is one. */
function different(holdings: readonly SecretHolding[]): number {
  return new Set(holdings.map(({ secret }) => secret)).size;
}
