import { afterAct } from '../../judge/after-act.ts';
import { statusIn } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { defineStatement } from '../statement.ts';

export const B5 = defineStatement({
  id: 'B5',
  group: 'reconnect',
  level: 'must',
  statement: 'connects to the new hub when DPS assigns another hub, and leaves the old hub',
  source: 'DF 8.3',
  needs: ['hub'],
  worlds: ['moved'],
  judge: (record) => {
    const later = afterAct(record);
    const answer = later?.find((event) => event.kind === 'dps-answer' && statusIn(event) === 'assigned');
    if (later === undefined) return notExercised('the client did not get into service');
    if (answer === undefined)
      return notExercised('the client did not register again, so DPS could not assign the new hub');
    const visits = later
      .slice(later.indexOf(answer))
      .filter((event) => event.kind === 'connect' && event.service === 'hub');
    const wrong = visits.find(
      (event) => event.kind === 'connect' && event.host?.toLowerCase() !== record.facts.otherHub,
    );
    const [first] = visits;
    if (first === undefined) return failed('a connection to the new hub', 'the client connected to no hub', answer);
    return wrong === undefined
      ? passed('the client connected to the new hub', answer, first)
      : failed(`connections to ${record.facts.otherHub} only`, 'the client connected to the old hub', answer, wrong);
  },
});
