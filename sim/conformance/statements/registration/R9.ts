import { exchanges, textIn } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const R9 = defineStatement({
  id: 'R9',
  group: 'registration',
  level: 'should',
  statement: 'starts no second registration before the first one has ended',
  source: 'C e2e, error 409203',
  worlds: ['slow', 'retry-after-3', 'plain'],
  judge: (record) => {
    const all = exchanges(record);
    const accepted = all.find(({ request, answer }) => request.operation === 'register' && answer?.status === 202);
    if (accepted?.answer === undefined) return notExercised('DPS accepted no registration');
    const end = eventsOf(record, 'dps-answer').find(({ body }) =>
      ['assigned', 'failed', 'disabled'].includes(textIn(body, 'status') ?? ''),
    );
    const second = all.find(
      ({ request }) =>
        request.operation === 'register' &&
        request !== accepted.request &&
        request.at >= (accepted.answer?.at ?? 0) &&
        (end === undefined || request.at < end.at),
    );
    return second === undefined
      ? passed('the client sent one register request until the operation ended', accepted.request, accepted.answer)
      : failed(
          'polls until the operation ends',
          'the client sent another register request before the first operation ended',
          accepted.answer,
          second.request,
        );
  },
});
