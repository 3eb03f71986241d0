import type { Distribution } from '../../core/history/fleet-run.ts';

/**
 * Returns the distribution of values that are 0 or more. For example, the percentile P90 is the smallest value that at least 90 % of the
 * devices do not exceed. Sorts `values`.
 */
export function distributionOf(values: Float64Array): Distribution {
  values.sort();
  return distribution(runsOf(values), values.length);
}

/** Returns the distribution of counts. Groups equal counts before it sorts, because many devices have the same count. */
export function distributionOfCounts(counts: Uint16Array | Uint32Array): Distribution {
  const devices = new Map<number, number>();
  for (const count of counts) devices.set(count, (devices.get(count) ?? 0) + 1);
  return distribution(
    [...devices].toSorted(([one], [other]) => one - other),
    counts.length,
  );
}

type Run = readonly [value: number, devices: number];

/** Returns each value of a sorted list with the number of its occurrences. */
function* runsOf(sorted: Float64Array): Iterable<Run> {
  for (let from = 0; from < sorted.length;) {
    const value = sorted[from] ?? 0;
    let end = from + 1;
    while (sorted[end] === value) end++;
    yield [value, end - from];
    from = end;
  }
}

/** @param runs in ascending order. */
function distribution(runs: Iterable<Run>, devices: number): Distribution {
  const wanted = shares.map((share) => Math.max(1, Math.ceil(share * devices)));
  const found: number[] = [];
  const buckets: [number, number][] = [];
  let [sum, seen, min, max] = [0, 0, Number.NaN, 0];
  for (const [value, count] of runs) {
    sum += value * count;
    seen += count;
    min = Number.isNaN(min) ? value : min;
    max = value;
    while (found.length < wanted.length && seen >= (wanted[found.length] ?? 0)) found.push(value);
    const last = buckets.at(-1);
    if (last !== undefined && value <= last[0]) last[1] += count;
    else buckets.push([limitOf(value), count]);
  }
  const [p50 = 0, p90 = 0, p95 = 0, p99 = 0] = found;
  const mean = devices === 0 ? 0 : Math.round((sum / devices) * 1000) / 1000;
  return { devices, min: devices === 0 ? 0 : min, mean, p50, p90, p95, p99, max, buckets };
}

const shares = [0.5, 0.9, 0.95, 0.99];

/**
 * Returns the upper limit of the bucket that contains a value. From 20, a power of ten has 20 buckets, so successive limits differ by an
 * eighth at most.
 */
function limitOf(value: number): number {
  if (value < 20) return Math.ceil(value);
  return Math.ceil(10 ** (Math.ceil(Math.log10(value) * bucketsPerDecade - 1e-9) / bucketsPerDecade));
}

const bucketsPerDecade = 20;
