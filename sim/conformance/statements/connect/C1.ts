import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const C1 = defineStatement({
  id: 'C1',
  group: 'connect',
  level: 'must',
  statement: 'uses MQTT 3.1.1 (level 4) with DPS and with classic hubs',
  source: 'D-MQTT',
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents(eventsOf(record, 'connect'), {
      missing: 'the client does not use MQTT',
      expected: 'protocol level 4',
      isRight: ({ level }) => level === 4,
      describe: ({ level }) => `protocol level ${level}`,
    }),
});
