import { counted } from '../../judge/counted.ts';
import { connectsTo } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { gapsBetween, showMs, timerToleranceMs } from '../../judge/gaps.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const B1 = defineStatement({
  id: 'B1',
  group: 'reconnect',
  level: 'should',
  statement: 'waits longer after each refused connection, until it waits at least 10 seconds',
  source: 'D-RECON',
  needs: ['hub'],
  worlds: ['hub-busy'],
  judge: (record) => {
    const connects = connectsTo(record, 'hub');
    // Skips the time between two connections if the client registered meanwhile, because the client then also waited for DPS.
    const registrations = eventsOf(record, 'dps-request');
    const gaps = gapsBetween(connects).filter(
      ({ from, to }) => !registrations.some(({ at }) => at > from.at && at < to.at),
    );
    const [first] = gaps;
    if (first === undefined) return notExercised('the client made fewer than 2 attempts');
    const longest = gaps.reduce((most, gap) => (gap.ms > most.ms ? gap : most), first);
    const shown = gaps
      .slice(0, 8)
      .map(({ ms }) => showMs(ms))
      .join(', ');
    if (longest.ms >= 10_000 - timerToleranceMs) return passed(`the client waited ${shown}`, longest.from, longest.to);
    const isGrowing = longest.ms >= 2 * Math.max(first.ms, 1) && longest !== first;
    if (gaps.length >= 6 && !isGrowing)
      return failed('waits that grow to at least 10 s', `the client waited ${shown}`, first.from, first.to);
    if (gaps.length >= 19)
      return failed(
        'waits that grow to at least 10 s',
        `after 20 refusals the longest wait was ${showMs(longest.ms)}`,
        longest.from,
        longest.to,
      );
    return notExercised(
      `the client made ${counted(connects.length, 'attempt')}, with waits of ${shown}; 20 are needed`,
    );
  },
});
