import { groupBy } from './group-by.ts';
import { durationBetween } from '../../time/duration.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import type { LoggedRecord, Signal } from './signal.ts';

/**
 * Devices with the same firmware create tokens with the same lifetime. This signal finds nothing if there are too few
 * devices to compare.
 */
export const tokenOutlivesTheFleet: Signal = {
  id: 'token-outlives-the-fleet',
  summary: 'The service accepted a token that is valid more than ten times as long as the tokens of the other devices.',
  find: ({ records }) => {
    const taken = records.filter(
      ({ outcome, tokenExpiresAt }) => outcome === 'attested' && tokenExpiresAt !== undefined,
    );
    const byName = groupBy(taken, ({ identity }) => registrationKey(identity));
    const longest = [...byName].map(([name, seen]) => ({ name, ms: Math.max(...seen.map(lifetimeOf)) }));
    const sorted = longest.map(({ ms }) => ms).toSorted((a, b) => a - b);
    return longest.flatMap(({ name, ms }) => {
      const usual = medianWithout(ms, sorted);
      if (usual === undefined || sorted.length <= fleet || ms <= usual * 10) return [];
      const sentence = `a token of ${name} is valid for ${durationBetween(0, ms)}, the tokens of other devices are valid for ${durationBetween(0, usual)}`;
      const odd = byName.get(name)?.filter((record) => lifetimeOf(record) > usual * 10) ?? [];
      return [{ subject: name, sentence, events: odd.map(({ event }) => event) }];
    });
  },
};

/** Minimum number of other devices for a comparison of lifetimes. */
const fleet = 2;

/**
 * Returns the median of all values except `value`. `sorted` contains `value` and is in ascending order. The function
 * needs constant time, because a fleet can have thousands of values.
 */
function medianWithout(value: number, sorted: readonly number[]): number | undefined {
  const middle = Math.floor((sorted.length - 1) / 2);
  // If `value` is at or before the middle, its removal moves the median to the next value.
  const at = sorted[middle];
  return at !== undefined && value <= at ? sorted[middle + 1] : at;
}

function lifetimeOf({ at, tokenExpiresAt = at }: LoggedRecord): number {
  return tokenExpiresAt - at;
}
