import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { isInService } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const P5 = defineStatement({
  id: 'P5',
  group: 'polling',
  level: 'must',
  statement: 'accepts status 200 and 202 as answers to register requests and polls',
  source: 'REST-D',
  worlds: ['assigned-at-once', 'plain'],
  judge: (record) => {
    const answer = eventsOf(record, 'dps-answer').find((each) => each.status === 200 || each.status === 202);
    if (answer === undefined) return notExercised('DPS answered no request with 200 or 202');
    return isInService(record.events)
      ? passed(`the client used an answer with status ${answer.status}`, answer)
      : failed('the client gets into service', 'the client did not use the answer', answer);
  },
});
