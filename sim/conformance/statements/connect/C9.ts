import { connectsTo } from '../../judge/connections.ts';
import { judgeEach } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const C9 = defineStatement({
  id: 'C9',
  group: 'connect',
  level: 'must',
  statement: 'uses at most five topic filters at the hub',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['plain', 'hub-calls'],
  judge: (record) => {
    const hubs = connectsTo(record, 'hub').map((connect) => {
      const subscribes = eventsOf(record, 'subscribe').filter(({ connection }) => connection === connect.connection);
      const filters = new Set(subscribes.flatMap((each) => each.filters.map(({ filter }) => filter)));
      return { connect, subscribes, filters };
    });
    return judgeEach(hubs, {
      missing: 'the client does not use MQTT with the hub',
      expected: 'at most 5 filters; the hub refuses more',
      isRight: ({ filters }) => filters.size <= 5,
      describe: ({ filters }) => `${filters.size} filters`,
      events: ({ connect, subscribes }) => [connect, ...subscribes],
    });
  },
});
