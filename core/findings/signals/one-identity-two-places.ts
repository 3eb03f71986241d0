import { registrationKey } from '../../wire/registration-id.ts';
import type { LoggedRecord, Signal } from './signal.ts';

/** A device that moved also connects from a new address, but it does not use both addresses on the same day. */
export const oneIdentityTwoPlaces: Signal = {
  id: 'one-identity-two-places',
  summary: 'A service accepted one identity from two network addresses within a day.',
  find: ({ records }) => {
    const last = new Map<string, LoggedRecord>();
    const found = new Map<string, { readonly addresses: Set<string>; readonly events: number[] }>();
    for (const record of records) {
      const { identity, from, outcome } = record;
      if (outcome !== 'attested' || from === undefined) continue;
      const key = registrationKey(identity);
      const former = last.get(key);
      last.set(key, record);
      if (former?.from === undefined || former.from === from || record.at - former.at > windowMs) continue;
      const known = found.get(key) ?? { addresses: new Set(), events: [] };
      found.set(key, known);
      known.addresses.add(former.from).add(from);
      known.events.push(former.event, record.event);
    }
    return [...found].map(([subject, { addresses, events }]) => ({
      subject,
      sentence: `a service accepted ${subject} from ${[...addresses].join(' and ')} within a day`,
      events: [...new Set(events)],
    }));
  },
};

const windowMs = 24 * 60 * 60 * 1000;
