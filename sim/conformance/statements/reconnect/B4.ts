import { connectsTo } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { gapsBetween, showMs, timerToleranceMs } from '../../judge/gaps.ts';
import { defineStatement } from '../statement.ts';

export const B4 = defineStatement({
  id: 'B4',
  group: 'reconnect',
  level: 'should',
  statement: 'waits at least 5 seconds after CONNACK 3, and connects to the same hub again',
  source: 'D-SCALE',
  needs: ['hub'],
  worlds: ['hub-busy'],
  judge: (record) => {
    const connects = connectsTo(record, 'hub');
    const [gap] = gapsBetween(connects);
    if (gap === undefined) return notExercised('the client made fewer than 2 attempts');
    const other = connects.find(({ host }) => host?.toLowerCase() !== record.facts.hub);
    if (other !== undefined)
      return failed(
        `a CONNECT to the hub ${record.facts.hub}`,
        `the client sent a CONNECT to ${other.host ?? ''}`,
        other,
      );
    return gap.ms >= 5000 - timerToleranceMs
      ? passed(`the next CONNECT came after ${showMs(gap.ms)}`, gap.from, gap.to)
      : failed('at least 5 s', `the next CONNECT came after ${showMs(gap.ms)}`, gap.from, gap.to);
  },
});
