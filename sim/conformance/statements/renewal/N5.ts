import { counted } from '../../judge/counted.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { renewalAnswers, renewalRequests } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const N5 = defineStatement({
  id: 'N5',
  group: 'renewal',
  level: 'should',
  statement: 'waits, or sends one request with `replace`, after a 409, and does not loop',
  source: 'CS, FRT',
  needs: ['csr', 'renewal'],
  worlds: ['renewal-active'],
  judge: (record) => {
    const requests = renewalRequests(record);
    const [answer] = renewalAnswers(record).filter(({ status }) => status === 409);
    if (answer === undefined) return notExercised('no certificate request got 409');
    const blind = requests.filter(
      ({ event, body }) => event.at >= answer.event.at && (body?.['replace'] ?? null) === null,
    );
    const [first, , third] = blind;
    const isLoop = third !== undefined && first !== undefined && third.event.at - first.event.at < 3000;
    return isLoop
      ? failed(
          'a wait, or one request with `replace`',
          `the client sent 3 requests without \`replace\` in ${showMs(third.event.at - first.event.at)}`,
          answer.event,
          first.event,
          third.event,
        )
      : passed(`the client sent ${counted(requests.length - 1, 'further request')}`, answer.event);
  },
});
