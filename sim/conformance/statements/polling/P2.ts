import { exchanges, textIn } from '../../judge/exchanges.ts';
import { judgeEach } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const P2 = defineStatement({
  id: 'P2',
  group: 'polling',
  level: 'must',
  statement: 'polls with the `operationId` as DPS sent it',
  source: 'REST-D',
  worlds: ['odd-operation', 'plain'],
  judge: (record) => {
    const all = exchanges(record);
    const polls = all.flatMap(({ request }) => {
      const register = all.findLast(
        ({ request: earlier, answer }) =>
          earlier.operation === 'register' && answer !== undefined && answer.at <= request.at && answer.status === 202,
      );
      return request.operation === 'poll' && register?.answer !== undefined
        ? [{ request, answer: register.answer }]
        : [];
    });
    return judgeEach(polls, {
      missing: 'the client sent no poll',
      expected: 'the operation ID of the answer to the register request',
      isRight: ({ request, answer }) => isSameId(request.operationId ?? '', textIn(answer.body, 'operationId') ?? ''),
      describe: ({ request }) => `the client polled the operation ${request.operationId ?? 'missing'}`,
      events: ({ request, answer }) => [answer, request],
    });
  },
});

/** A client may percent-encode the ID, as in every URL. */
function isSameId(sent: string, given: string): boolean {
  return sent === given || sent === encodeURIComponent(given) || encodeURIComponent(sent) === encodeURIComponent(given);
}
