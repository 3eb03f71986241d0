import type { WireEvent } from '../../../../core/conformance/wire-event.ts';
import { statusIn } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const R6 = defineStatement({
  id: 'R6',
  group: 'registration',
  level: 'should',
  statement: 'ignores unknown members of an answer',
  source: 'REST-D',
  worlds: ['further-members'],
  judge: (record) => {
    const answer = eventsOf(record, 'dps-answer').findLast((each) => statusIn(each) === 'assigned');
    if (answer === undefined) return notExercised('DPS assigned no device');
    const after = record.events.slice(record.events.indexOf(answer) + 1);
    const visit = after.find(isVisit);
    return visit === undefined && answer.connection !== 0
      ? failed('a connection to the assigned hub', 'the client did not connect to the hub', answer)
      : passed('the client used the assignment', answer);
  },
});

/** Returns true for an event that shows a connection to a hub. */
function isVisit(event: WireEvent): boolean {
  if (event.kind === 'opened') return event.serverName?.toLowerCase().endsWith('.azure-devices.net') === true;
  if (event.kind === 'connect') return event.service === 'hub';
  return event.kind === 'http' || event.kind === 'bytes';
}
