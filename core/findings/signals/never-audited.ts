import { groupBy } from './group-by.ts';
import { registrationKey } from '../../wire/registration-id.ts';
import { dps, type Signal } from './signal.ts';

/**
 * This signal finds nothing if no station wrote an audit trail, because the list of produced devices is then unknown.
 */
export const neverAudited: Signal = {
  id: 'never-audited',
  summary: 'DPS accepted a device that is in no audit trail of the factory.',
  find: ({ records, audited }) => {
    if (audited === undefined) return [];
    const unaudited = records.filter(
      ({ service, outcome, identity }) =>
        service === dps && outcome === 'attested' && !audited.has(registrationKey(identity)),
    );
    const byName = groupBy(unaudited, ({ identity }) => registrationKey(identity));
    return [...byName].map(([subject, seen]) => ({
      subject,
      sentence: `DPS accepted ${subject}, which is in no audit trail`,
      events: seen.map(({ event }) => event),
    }));
  },
};
