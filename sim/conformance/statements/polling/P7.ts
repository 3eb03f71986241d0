import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const P7 = defineStatement({
  id: 'P7',
  group: 'polling',
  level: 'should',
  statement: 'gives up, or registers again, if an assignment does not end',
  source: 'DF 1.9',
  worlds: ['endless'],
  judge: (record) => {
    const registers = eventsOf(record, 'dps-request').filter(({ operation }) => operation === 'register');
    const polls = eventsOf(record, 'dps-request').filter(({ operation }) => operation === 'poll');
    const [ended] = eventsOf(record, 'ended').filter(({ byRunner }) => !byRunner);
    const [first, second] = registers;
    const last = polls.at(-1);
    if (first === undefined || last === undefined) return notExercised('the client sent no poll');
    if (second !== undefined) return passed('the client registered again', first, second);
    if (ended !== undefined) return passed(`the client gave up after ${showMs(ended.at - first.at)}`, first, ended);
    const silence = record.tookMs - last.at;
    if (silence > 15_000) return passed('the client stopped polling', first, last);
    const bound = 30 * 60_000;
    return last.at - first.at > bound
      ? failed('an end within 30 minutes', `the client still polled after ${showMs(last.at - first.at)}`, first, last)
      : notExercised(`the client still polled after ${showMs(last.at - first.at)}, when the observation ended`);
  },
});
