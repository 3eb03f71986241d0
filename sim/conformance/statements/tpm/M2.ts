import { exchanges, memberOf } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const M2 = defineStatement({
  id: 'M2',
  group: 'tpm',
  level: 'must',
  statement: 'treats a 401 with `authenticationKey` as a challenge',
  source: 'DF 0.6',
  needs: ['tpm'],
  worlds: ['tpm'],
  judge: (record) => {
    const challenge = exchanges(record).find(
      ({ answer }) => answer?.status === 401 && memberOf(answer.body, 'authenticationKey') !== undefined,
    );
    if (challenge?.answer === undefined) return notExercised('DPS sent no challenge over HTTPS');
    const next = eventsOf(record, 'dps-request').find(
      (each) => each.at >= (challenge.answer?.at ?? 0) && each !== challenge.request,
    );
    return next?.hasToken === true
      ? passed('the client answered the challenge', challenge.answer, next)
      : failed('a second request with a token', 'the client did not answer the challenge', challenge.answer);
  },
});
