import { groupBy } from './group-by.ts';
import { durationBetween } from '../../time/duration.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import type { LoggedRecord, Signal } from './signal.ts';

/**
 * Devices with the same firmware create tokens with the same lifetime. Finds nothing if there are too few devices to compare.
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
    return longest.flatMap(({ name, ms }) => {
      const others = longest.filter((one) => one.name !== name).map((one) => one.ms);
      const usual = others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)];
      if (usual === undefined || others.length < fleet || ms <= usual * 10) return [];
      const sentence = `a token of ${name} is valid for ${durationBetween(0, ms)}, those of other devices for ${durationBetween(0, usual)}`;
      const odd = byName.get(name)?.filter((record) => lifetimeOf(record) > usual * 10) ?? [];
      return [{ subject: name, sentence, events: odd.map(({ event }) => event) }];
    });
  },
};

/** Minimum number of other devices for a comparison of lifetimes. */
const fleet = 2;

function lifetimeOf({ at, tokenExpiresAt = at }: LoggedRecord): number {
  return tokenExpiresAt - at;
}
