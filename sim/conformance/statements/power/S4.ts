import { afterBoot } from '../../judge/after-act.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import type { EventOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const S4 = defineStatement({
  id: 'S4',
  group: 'power',
  level: 'must',
  statement: 'drops its cached hub when DPS assigns another hub',
  source: 'D-SCALE',
  needs: ['hub', 'state'],
  worlds: ['moved-while-off'],
  judge: (record) => {
    const later = afterBoot(record);
    if (later === undefined) return notExercised('the power did not fail');
    const visits = later.filter(
      (event): event is EventOf<'connect'> => event.kind === 'connect' && event.service === 'hub',
    );
    const arrived = visits.findIndex(({ host }) => host?.toLowerCase() === record.facts.otherHub);
    const [first] = visits;
    if (arrived === -1)
      return failed(
        `a connection to ${record.facts.otherHub}`,
        'the client did not connect to the new hub',
        ...(first === undefined ? [] : [first]),
      );
    const back = visits.slice(arrived).find(({ host }) => host?.toLowerCase() === record.facts.hub);
    const there = visits[arrived] ?? first;
    return back === undefined
      ? passed('the client connected to the new hub', ...(there === undefined ? [] : [there]))
      : failed('no further connection to the old hub', 'the client connected to the old hub', back);
  },
});
