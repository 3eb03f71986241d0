import { statusIn } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs, timerToleranceMs } from '../../judge/gaps.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const E7 = defineStatement({
  id: 'E7',
  group: 'errors',
  level: 'should',
  statement: 'waits before it registers again after a registration that failed with an error number',
  source: 'DF 1.6',
  worlds: ['failed'],
  judge: (record) => {
    const [failure] = eventsOf(record, 'dps-answer').filter((each) => statusIn(each) === 'failed');
    if (failure === undefined) return notExercised('no registration failed');
    // Selects the next request by its position and not by its time, because two events can have the same millisecond.
    const next = record.events
      .slice(record.events.indexOf(failure) + 1)
      .find((event) => event.kind === 'dps-request' && event.operation === 'register');
    if (next === undefined) return passed('the client did not register again at once', failure);
    const ms = next.at - failure.at;
    return ms >= 1000 - timerToleranceMs
      ? passed(`the next register request came after ${showMs(ms)}`, failure, next)
      : failed('at least 1 s', `the next register request came after ${showMs(ms)}`, failure, next);
  },
});
