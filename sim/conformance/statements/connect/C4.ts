import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const C4 = defineStatement({
  id: 'C4',
  group: 'connect',
  level: 'should',
  statement: 'sends an API version to the hub',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents(connectsTo(record, 'hub'), {
      missing: 'the client does not use MQTT with the hub',
      expected: '`api-version` in the user name',
      isRight: ({ apiVersion = '' }) => /^\d{4}-\d{2}-\d{2}/.test(apiVersion),
      describe: ({ userName }) => `user name ${userName}`,
    }),
});
