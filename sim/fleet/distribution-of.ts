import type { Distribution } from '../../core/history/fleet-run.ts';

/**
 * Returns the distribution of values that are 0 or more. Percentiles are exact: the smallest value that at least this share of the
 * devices does not exceed. Sorts `values`.
 */
export function distributionOf(values: Float64Array): Distribution {
  values.sort();
  const { length } = values;
  const at = (share: number): number => values[Math.max(0, Math.ceil(share * length) - 1)] ?? 0;
  let sum = 0;
  for (const value of values) sum += value;
  return {
    devices: length,
    min: values[0] ?? 0,
    mean: length === 0 ? 0 : Math.round((sum / length) * 1000) / 1000,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: values[length - 1] ?? 0,
    buckets: bucketsOf(values),
  };
}

/** Returns about twenty buckets per power of ten, so that a limit differs from the next one by an eighth at most. */
function bucketsOf(sorted: Float64Array): Distribution['buckets'] {
  const buckets: [number, number][] = [];
  for (const value of sorted) {
    const last = buckets.at(-1);
    if (last !== undefined && value <= last[0]) last[1]++;
    else buckets.push([limitOf(value), 1]);
  }
  return buckets;
}

function limitOf(value: number): number {
  if (value < 20) return Math.ceil(value);
  return Math.ceil(10 ** (Math.ceil(Math.log10(value) * bucketsPerDecade - 1e-9) / bucketsPerDecade));
}

const bucketsPerDecade = 20;
