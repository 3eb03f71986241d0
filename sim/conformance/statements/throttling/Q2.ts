import { counted } from '../../judge/counted.ts';
import { exchanges } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { gapsBetween, showMs, timerToleranceMs } from '../../judge/gaps.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const Q2 = defineStatement({
  id: 'Q2',
  group: 'throttling',
  level: 'should',
  statement: 'waits at least 1 second after a 429 without `retry-after`, and longer each time',
  source: 'D-SCALE, EMB',
  worlds: ['register-429-bare'],
  judge: (record) => {
    const refused = exchanges(record).filter(({ answer }) => answer?.status === 429);
    const registers = eventsOf(record, 'dps-request').filter(({ operation }) => operation === 'register');
    if (refused.length === 0) return notExercised('DPS throttled no request');
    const gaps = gapsBetween(registers);
    const [first] = gaps;
    if (first === undefined) return notExercised('the client did not repeat the register request');
    const short = gaps.find(({ ms }) => ms < 1000 - timerToleranceMs);
    if (short !== undefined)
      return failed(
        'at least 1 s between throttled requests',
        `the next register request came after ${showMs(short.ms)}`,
        short.from,
        short.to,
      );
    const last = gaps.at(-1) ?? first;
    if (gaps.length < 3)
      return notExercised(
        `the client made ${counted(registers.length, 'register request')}; 4 are needed to see that waits grow`,
      );
    return last.ms > first.ms
      ? passed(`the client waited ${gaps.map(({ ms }) => showMs(ms)).join(', ')}`, first.from, last.to)
      : failed(
          'a longer wait each time',
          `the client waited ${gaps.map(({ ms }) => showMs(ms)).join(', ')}`,
          first.from,
          last.to,
        );
  },
});
