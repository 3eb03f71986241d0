import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const R1 = defineStatement({
  id: 'R1',
  group: 'registration',
  level: 'must',
  statement: 'subscribes to `$dps/registrations/res/#` before it publishes the register message',
  source: 'DF 2.3',
  worlds: ['plain', 'certificate'],
  judge: (record) => {
    const requests = eventsOf(record, 'dps-request').filter(({ transport }) => transport.startsWith('mqtt'));
    return judgeEvents(requests, {
      missing: 'the client does not use MQTT with DPS',
      expected: 'a SUBSCRIBE to $dps/registrations/res/# on the same connection before the request',
      isRight: (request) =>
        eventsOf(record, 'subscribe').some(
          (each) =>
            each.connection === request.connection &&
            record.events.indexOf(each) < record.events.indexOf(request) &&
            each.filters.some(({ filter }) => filter === '$dps/registrations/res/#'),
        ),
      describe: ({ operation }) => `the ${operation} message`,
    });
  },
});
