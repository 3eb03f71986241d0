import { exchanges } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { registersWithTpm } from '../../judge/registers-with-tpm.ts';
import { defineStatement } from '../statement.ts';

export const M1 = defineStatement({
  id: 'M1',
  group: 'tpm',
  level: 'must',
  statement: 'sends `tpm` without a token first, then a token with `skn=registration` that the unwrapped key signed',
  source: 'DF 1.8',
  needs: ['tpm'],
  worlds: ['tpm'],
  judge: (record) => {
    const [first, second] = registersWithTpm(record);
    if (first === undefined) return notExercised('the client sent no `tpm` over HTTPS');
    if (first.hasToken) return failed('a first request without a token', 'the first request had a token', first);
    if (second === undefined)
      return failed('a second request with a token', 'the client sent no second request', first);
    const answer = exchanges(record).find(({ request }) => request === second)?.answer;
    const isRight = second.token?.keyName === 'registration' && answer !== undefined && answer.status < 400;
    return isRight
      ? passed('the client answered the challenge', first, second)
      : failed(
          'a token with skn=registration that the key of the challenge signed',
          `the second request has skn ${second.token?.keyName ?? 'none'} and got status ${answer?.status ?? 0}`,
          first,
          second,
        );
  },
});
