import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const C7 = defineStatement({
  id: 'C7',
  group: 'connect',
  level: 'should',
  statement: 'uses a keep-alive of 1 to 1177 seconds at the hub',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents(connectsTo(record, 'hub'), {
      missing: 'the client does not use MQTT with the hub',
      expected: 'a keep-alive of 1 to 1177 s; the hub ends an idle connection after 1767 s',
      isRight: ({ keepAliveSeconds }) => keepAliveSeconds >= 1 && keepAliveSeconds <= 1177,
      describe: ({ keepAliveSeconds }) => `keep-alive ${keepAliveSeconds} s`,
    }),
});
