import { judgeEvents } from '../../judge/judge-each.ts';
import { type WorldRecord, eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const H2 = defineStatement({
  id: 'H2',
  group: 'hub',
  level: 'must',
  statement: 'subscribes to `$iothub/twin/res/#` before it requests its twin',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['plain', 'hub-cut', 'hub-calls'],
  judge: (record) => {
    const requests = eventsOf(record, 'publish').filter(
      ({ from, topic }) => from === 'client' && /^\$iothub\/twin\/(GET|PATCH)/.test(topic),
    );
    return judgeEvents(requests, {
      missing: 'the client does not request its twin over MQTT',
      expected: 'a SUBSCRIBE to $iothub/twin/res/# before the request',
      isRight: (request) =>
        eventsOf(record, 'subscribe').some(
          (each) =>
            (each.connection === request.connection || isKept(record, request.connection)) &&
            record.events.indexOf(each) < record.events.indexOf(request) &&
            each.filters.some(({ filter }) => filter === '$iothub/twin/res/#' || filter === '$iothub/twin/#'),
        ),
      describe: ({ topic }) => `a request to ${topic}`,
    });
  },
});

/** Returns true if the hub restored the session, so that the subscriptions of the client exist already. */
function isKept(record: WorldRecord, connection: number): boolean {
  return eventsOf(record, 'connack').some((each) => each.connection === connection && each.sessionPresent);
}
