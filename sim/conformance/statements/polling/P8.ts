import { exchanges } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { defineStatement } from '../statement.ts';

export const P8 = defineStatement({
  id: 'P8',
  group: 'polling',
  level: 'should',
  statement: 'polls the same operation again after 429 or 5xx on a poll',
  source: 'DF 1.9',
  worlds: ['poll-503', 'poll-429'],
  judge: (record) => {
    const all = exchanges(record);
    const at = all.findIndex(({ request, answer }) => request.operation === 'poll' && (answer?.status ?? 0) >= 429);
    const refused = all[at];
    if (refused?.answer === undefined) return notExercised('DPS refused no poll');
    const next = all[at + 1]?.request;
    if (next === undefined)
      return failed('another poll of the operation', 'the client sent no further request', refused.answer);
    return next.operation === 'poll' && next.operationId === refused.request.operationId
      ? passed('the client polled the same operation again', refused.answer, next)
      : failed('a poll of the same operation', `the client sent a ${next.operation} request`, refused.answer, next);
  },
});
