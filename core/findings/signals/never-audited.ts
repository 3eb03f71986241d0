import { groupBy } from './group-by.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import { dps, type Signal } from './signal.ts';

/** Says nothing where no station wrote an audit trail: then nobody knows who should be there. */
export const neverAudited: Signal = {
  id: 'never-audited',
  summary: 'A device registered that is in no audit trail of the factory.',
  find: ({ records, audited }) => {
    if (audited === undefined) return [];
    const strangers = records.filter(
      ({ service, outcome, identity }) =>
        service === dps && outcome === 'attested' && !audited.has(registrationKey(identity)),
    );
    const byName = groupBy(strangers, ({ identity }) => registrationKey(identity));
    return [...byName].map(([subject, seen]) => ({
      subject,
      sentence: `${subject} registered and is in no audit trail`,
      events: seen.map(({ event }) => event),
    }));
  },
};
