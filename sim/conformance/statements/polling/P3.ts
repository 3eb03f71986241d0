import { counted } from '../../judge/counted.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const P3 = defineStatement({
  id: 'P3',
  group: 'polling',
  level: 'must',
  statement: 'sends at most 5 polls in 10 seconds',
  source: 'DF 11',
  worlds: ['no-retry-after', 'plain', 'slow'],
  judge: (record) => {
    const polls = eventsOf(record, 'dps-request').filter(({ operation }) => operation === 'poll');
    const [first] = polls;
    if (first === undefined) return notExercised('the client sent no poll');
    const burst = polls.find((poll, at) => (polls[at + 5]?.at ?? Number.POSITIVE_INFINITY) - poll.at < 10_000);
    if (burst === undefined)
      return passed(`the client sent ${counted(polls.length, 'poll')}, never more than 5 in 10 s`, first);
    const at = polls.indexOf(burst);
    const sixth = polls[at + 5] ?? burst;
    return failed('at most 5 polls in 10 s', `the client sent 6 polls in ${showMs(sixth.at - burst.at)}`, burst, sixth);
  },
});
