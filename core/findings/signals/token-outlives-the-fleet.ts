import { groupBy } from './group-by.ts';
import { durationBetween } from '../../time/duration.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import type { LoggedRecord, Signal } from './signal.ts';

/** A fleet of one firmware makes tokens that live equally long. Says nothing of fewer devices than make a fleet. */
export const tokenOutlivesTheFleet: Signal = {
  id: 'token-outlives-the-fleet',
  summary: 'A token was taken that lives more than ten times as long as those of the other devices.',
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
      const sentence = `a token of ${name} lives for ${durationBetween(0, ms)}, and others for ${durationBetween(0, usual)}`;
      const odd = byName.get(name)?.filter((record) => lifetimeOf(record) > usual * 10) ?? [];
      return [{ subject: name, sentence, events: odd.map(({ event }) => event) }];
    });
  },
};

/** Others that have to be there to know what is usual. */
const fleet = 2;

function lifetimeOf({ at, tokenExpiresAt = at }: LoggedRecord): number {
  return tokenExpiresAt - at;
}
