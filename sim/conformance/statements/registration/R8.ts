import { afterBoot } from '../../judge/after-act.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const R8 = defineStatement({
  id: 'R8',
  group: 'registration',
  level: 'should',
  statement: 'connects to its hub after a reboot, and does not register while the hub accepts it',
  source: 'D-SCALE',
  needs: ['hub', 'state'],
  worlds: ['reboot'],
  judge: (record) => {
    const later = afterBoot(record);
    const [boot] = eventsOf(record, 'started').slice(1);
    const first = later?.find(
      (event) =>
        event.kind === 'dps-request' ||
        (event.kind === 'connect' && event.service !== 'unknown') ||
        event.kind === 'http',
    );
    if (boot === undefined || first === undefined) return notExercised('the client sent nothing after the reboot');
    const isRegistration = first.kind === 'dps-request' || (first.kind === 'connect' && first.service === 'dps');
    return isRegistration
      ? failed('a connection to the hub of the last assignment', 'the client connected to DPS first', boot, first)
      : passed('the client connected to its hub first', boot, first);
  },
});
