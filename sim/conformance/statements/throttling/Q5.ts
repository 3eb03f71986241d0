import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { waits } from '../../judge/waits.ts';
import { defineStatement } from '../statement.ts';

export const Q5 = defineStatement({
  id: 'Q5',
  group: 'throttling',
  level: 'must',
  statement: 'reads `retry-after` as seconds',
  source: 'REST-D',
  worlds: ['register-429', 'retry-after-3', 'poll-429', 'plain'],
  judge: (record) => {
    const found = waits(record, () => true);
    const [first] = found;
    if (first === undefined) return notExercised('the client sent no request after an answer with retry-after');
    const early = found.find(({ ms, seconds }) => ms < seconds * 100);
    return early === undefined
      ? passed(
          `the client waited ${showMs(first.ms)} after an answer with retry-after ${first.seconds}`,
          first.answer,
          first.next,
        )
      : failed(
          `a wait of ${early.seconds} s`,
          `the client waited ${showMs(early.ms)}, as if retry-after ${early.seconds} meant milliseconds`,
          early.answer,
          early.next,
        );
  },
});
