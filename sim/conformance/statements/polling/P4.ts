import { statusIn } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const P4 = defineStatement({
  id: 'P4',
  group: 'polling',
  level: 'must',
  statement: 'stops polling at `assigned`, `failed` and `disabled`',
  source: 'REST-D, JAVA',
  worlds: ['plain', 'disabled', 'failed', 'assigned-at-once'],
  judge: (record) => {
    const end = eventsOf(record, 'dps-answer').find((each) =>
      ['assigned', 'failed', 'disabled'].includes(statusIn(each) ?? ''),
    );
    if (end === undefined) return notExercised('no operation ended');
    const later = record.events.slice(record.events.indexOf(end) + 1);
    const register = later.findIndex((event) => event.kind === 'dps-request' && event.operation === 'register');
    const window = register === -1 ? later : later.slice(0, register);
    const poll = window.find((event) => event.kind === 'dps-request' && event.operation === 'poll');
    return poll === undefined
      ? passed(`the client sent no poll after the status ${statusIn(end) ?? ''}`, end)
      : failed(`no poll after the status ${statusIn(end) ?? ''}`, 'the client sent another poll', end, poll);
  },
});
