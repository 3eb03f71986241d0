import { groupBy } from './group-by.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import { dps, type Signal } from './signal.ts';

/** Refused attempts count too. DPS refuses an attacker who copied only the public key, but the log already has that key. */
export const oneChipTwoNames: Signal = {
  id: 'one-chip-two-names',
  summary: 'DPS received one endorsement key for two registration IDs.',
  find: ({ records }) => {
    const shown = records.filter(({ service, endorsementKey }) => service === dps && endorsementKey !== undefined);
    return [...groupBy(shown, ({ endorsementKey = '' }) => endorsementKey).values()].flatMap((seen) => {
      const names = [...new Set(seen.map(({ identity }) => registrationKey(identity)))];
      if (names.length < 2) return [];
      const sentence = `DPS received one endorsement key for ${names.join(' and ')}`;
      return [{ subject: names.join(', '), sentence, events: seen.map(({ event }) => event) }];
    });
  },
};
