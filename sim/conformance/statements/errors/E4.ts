import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const E4 = defineStatement({
  id: 'E4',
  group: 'errors',
  level: 'must',
  statement: 'sends another request after an error answer whose body is empty or not JSON',
  source: 'DF 0.3',
  worlds: ['html-error'],
  judge: (record) => {
    const [refused] = eventsOf(record, 'dps-answer').filter(({ status, body }) => status === 500 && body === undefined);
    if (refused === undefined)
      return notExercised(
        'no request got an error answer whose body is empty or not JSON; AMQP cannot carry such a body',
      );
    const again = eventsOf(record, 'dps-request').find(({ at }) => at > refused.at);
    return again === undefined
      ? failed('another request', 'the client sent no further request', refused)
      : passed('the client sent another request', refused, again);
  },
});
