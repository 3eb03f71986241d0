import { groupBy } from './group-by.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import { dps, type LoggedRecord, type Signal } from './signal.ts';

/**
 * DPS also refuses the devices of a fleet that is not enrolled yet. This signal ignores these devices, because each of
 * them connects from a different address.
 */
export const manyUnknownNames: Signal = {
  id: 'many-unknown-names',
  summary: 'DPS refused five unknown registration IDs from one network address within ten minutes.',
  find: ({ records }) => {
    const atDps = records.filter(({ service, from }) => service === dps && from !== undefined);
    const known = new Set(
      atDps.filter(({ outcome }) => outcome === 'attested').map(({ identity }) => registrationKey(identity)),
    );
    const refused = atDps.filter(
      ({ outcome, identity }) =>
        outcome !== 'attested' && outcome !== 'challenged' && !known.has(registrationKey(identity)),
    );
    return [...groupBy(refused, ({ from = '' }) => from)].flatMap(([subject, tries]) => {
      const burst = burstIn(tries);
      if (burst.length === 0) return [];
      const names = new Set(burst.map(({ identity }) => registrationKey(identity)));
      const sentence = `DPS refused ${names.size} unknown registration IDs from ${subject} within ten minutes`;
      return [{ subject, sentence, events: burst.map(({ event }) => event) }];
    });
  },
};

const windowMs = 10 * 60 * 1000;
const enough = 5;

/** Returns the first records within one time window that contain enough different names; an empty list if there are none. */
function burstIn(tries: readonly LoggedRecord[]): readonly LoggedRecord[] {
  let from = 0;
  for (const [index, { at }] of tries.entries()) {
    while (at - (tries[from]?.at ?? at) > windowMs) from++;
    const burst = tries.slice(from, index + 1);
    if (new Set(burst.map(({ identity }) => registrationKey(identity))).size >= enough) return burst;
  }
  return [];
}
