import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const H1 = defineStatement({
  id: 'H1',
  group: 'hub',
  level: 'should',
  statement: 'keeps its session at the hub (clean session 0)',
  source: 'EMB, D-MQTT',
  needs: ['hub'],
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents(connectsTo(record, 'hub'), {
      missing: 'the client does not use MQTT with the hub',
      expected: 'clean session 0, so that messages wait while the client is away',
      isRight: ({ clean }) => !clean,
      describe: ({ clean }) => `clean session ${clean ? 1 : 0}`,
    }),
});
