import { counted } from '../../judge/counted.ts';
import { exchanges } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { defineStatement } from '../statement.ts';

export const Q3 = defineStatement({
  id: 'Q3',
  group: 'throttling',
  level: 'should',
  statement: 'spreads the retries of a fleet after all devices got 429 at once',
  source: 'D-SCALE',
  worlds: ['fleet-429'],
  judge: (record) => {
    const all = exchanges(record).filter(({ request }) => request.operation === 'register');
    const retries = all.flatMap(({ request, answer }) => {
      const next = all.find(
        (each) => each.request.registrationId === request.registrationId && each.request.at > request.at,
      );
      return answer?.status === 429 && next !== undefined
        ? [{ answer, next: next.request, ms: next.request.at - answer.at }]
        : [];
    });
    if (retries.length < 4)
      return notExercised(`${counted(retries.length, 'client')} repeated the register request; 4 are needed`);
    const delays = retries.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const spread = (delays.at(-1) ?? 0) - (delays[0] ?? 0);
    const shown = delays.map(showMs).join(', ');
    const evidence = retries.slice(0, 4).map(({ next }) => next);
    return spread >= 250
      ? passed(`the clients waited ${shown}`, ...evidence)
      : failed('waits that differ by at least 250 ms', `the clients waited ${shown}`, ...evidence);
  },
});
