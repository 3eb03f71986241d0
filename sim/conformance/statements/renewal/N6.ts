import { failed, notExercised, passed } from '../../judge/finding.ts';
import { renewalAnswers, renewalRequests } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const N6 = defineStatement({
  id: 'N6',
  group: 'renewal',
  level: 'should',
  statement: 'repeats its request after a 412, but does not name the same operation in `replace` again',
  source: 'GUIDE [U1]',
  isInformative: true,
  needs: ['csr', 'renewal'],
  worlds: ['renewal-precondition'],
  judge: (record) => {
    const answer = renewalAnswers(record).find(({ status }) => status === 412);
    if (answer === undefined) return notExercised('no certificate request got 412');
    const requests = renewalRequests(record);
    const refused = requests.find(({ rid }) => rid === answer.rid);
    const next = requests.find(({ event }) => event.at > answer.event.at);
    if (next === undefined) return failed('another request', 'the client sent no further request', answer.event);
    const named = refused?.body?.['replace'];
    return next.body?.['replace'] === named && named !== undefined && named !== '*'
      ? failed(
          'a request without this `replace`',
          `the client sent replace ${JSON.stringify(named)} again`,
          answer.event,
          next.event,
        )
      : passed('the client sent a request without that operation', answer.event, next.event);
  },
});
