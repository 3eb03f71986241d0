import { judgeEach } from '../../judge/judge-each.ts';
import { isRenewalFilter, renewalRequests } from '../../judge/renewals.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const N2 = defineStatement({
  id: 'N2',
  group: 'renewal',
  level: 'must',
  statement: 'subscribes to `$iothub/credentials/res/#` before its request, and puts `$rid` into the topic',
  source: 'D-MQTT; [U1] without this, no answer arrives',
  isInformative: true,
  needs: ['csr', 'renewal'],
  worlds: ['renewal'],
  judge: (record) =>
    judgeEach(renewalRequests(record), {
      missing: 'the client sent no certificate request to the hub',
      expected: 'a SUBSCRIBE to $iothub/credentials/res/# before the request, and `?$rid=` in the topic of the request',
      isRight: ({ event, rid }) =>
        rid !== undefined &&
        eventsOf(record, 'subscribe').some(
          (each) =>
            each.connection === event.connection &&
            record.events.indexOf(each) < record.events.indexOf(event) &&
            each.filters.some(({ filter }) => isRenewalFilter(filter)),
        ),
      describe: ({ event }) => `a request to ${event.topic}`,
      events: ({ event }) => [event],
    }),
});
