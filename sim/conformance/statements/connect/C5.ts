import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const C5 = defineStatement({
  id: 'C5',
  group: 'connect',
  level: 'should',
  statement: 'sends no password if it authenticates with a client certificate',
  source: 'EMB',
  needs: ['x509'],
  worlds: ['certificate'],
  judge: (record) =>
    judgeEvents(eventsOf(record, 'connect'), {
      missing: 'the client does not use MQTT',
      expected: 'a CONNECT without a password, or with an empty one',
      isRight: ({ password }) => password === 'absent' || password === 'empty',
      describe: ({ password }) => `password: ${password}`,
    }),
});
