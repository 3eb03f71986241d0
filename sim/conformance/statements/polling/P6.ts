import type { WireEvent } from '../../../../core/conformance/wire-event.ts';
import { counted } from '../../judge/counted.ts';
import { statusIn } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const P6 = defineStatement({
  id: 'P6',
  group: 'polling',
  level: 'should',
  statement: 'ends with an error at an unknown `status`, and does not poll without end',
  source: 'DF 1.9',
  worlds: ['paused'],
  judge: (record) => {
    const [first] = eventsOf(record, 'dps-answer').filter((each) => statusIn(each) === 'paused');
    if (first === undefined) return notExercised('the client sent no poll');
    const polls = mostPollsOfARegistration(record.events.filter(({ at }) => at > first.at));
    const [poll] = polls;
    return polls.length <= 2
      ? passed(`the client sent ${counted(polls.length, 'poll')} after the unknown status`, first)
      : failed(
          'at most 2 further polls in a registration',
          `the client sent ${polls.length} further polls`,
          first,
          ...(poll === undefined ? [] : [poll]),
        );
  },
});

/** Returns the polls of the registration with the most polls. A client that has ended with an error may register again later. */
function mostPollsOfARegistration(events: readonly WireEvent[]): readonly WireEvent[] {
  let most: readonly WireEvent[] = [];
  let polls: WireEvent[] = [];
  for (const event of events) {
    if (event.kind !== 'dps-request') continue;
    if (event.operation === 'register') polls = [];
    else if (event.operation === 'poll') polls.push(event);
    if (polls.length > most.length) most = polls;
  }
  return most;
}
