import { failed, notExercised, passed } from '../../judge/finding.ts';
import { renewalAnswers } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const N8 = defineStatement({
  id: 'N8',
  group: 'renewal',
  level: 'should',
  statement: 'accepts an answer whose body has `"info": null` and whose topic has further properties',
  source: 'GUIDE, 4.9',
  needs: ['csr', 'renewal'],
  worlds: ['renewal-throttled'],
  judge: (record) => {
    const answer = renewalAnswers(record).find(({ status }) => status === 429);
    if (answer === undefined) return notExercised('no certificate request got 429');
    const next = record.events.find(
      (event) =>
        event.at > answer.event.at &&
        event.kind === 'publish' &&
        event.from === 'client' &&
        event.topic.startsWith('$iothub/credentials/POST'),
    );
    return next === undefined
      ? failed('another certificate request', 'the client sent no further request', answer.event)
      : passed('the client reacted', answer.event, next);
  },
});
