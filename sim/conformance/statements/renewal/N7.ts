import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs, timerToleranceMs } from '../../judge/gaps.ts';
import { renewalAnswers, renewalRequests } from '../../judge/renewals.ts';
import { defineStatement } from '../statement.ts';

export const N7 = defineStatement({
  id: 'N7',
  group: 'renewal',
  level: 'should',
  statement: 'waits for `retryAfter` after 429 or 5xx',
  source: 'EMB',
  needs: ['csr', 'renewal'],
  worlds: ['renewal-throttled'],
  judge: (record) => {
    const answer = renewalAnswers(record).find(({ status }) => status === 429);
    if (answer === undefined) return notExercised('no certificate request got 429');
    const next = renewalRequests(record).find(({ event }) => event.at > answer.event.at);
    if (next === undefined) return notExercised('the client did not repeat the request');
    const ms = next.event.at - answer.event.at;
    return ms >= 2000 - timerToleranceMs
      ? passed(`the next request came after ${showMs(ms)}`, answer.event, next.event)
      : failed('a wait of 2 s', `the next request came after ${showMs(ms)}`, answer.event, next.event);
  },
});
