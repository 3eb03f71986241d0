import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { isInService } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const Q4 = defineStatement({
  id: 'Q4',
  group: 'throttling',
  level: 'should',
  statement: 'gets into service after one 429',
  source: 'azure-iot-sdk-c #1703',
  worlds: ['register-429'],
  judge: (record) => {
    const [refused] = eventsOf(record, 'dps-answer').filter(({ status }) => status === 429);
    if (refused === undefined) return notExercised('DPS throttled no request');
    return isInService(record.events)
      ? passed('the client got into service', refused)
      : failed('the client gets into service', 'the client did not register again', refused);
  },
});
