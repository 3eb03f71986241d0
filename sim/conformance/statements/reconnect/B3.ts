import { connectsTo } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { defineStatement } from '../statement.ts';

export const B3 = defineStatement({
  id: 'B3',
  group: 'reconnect',
  level: 'should',
  statement: 'registers with DPS again when the hub answers CONNACK 5',
  source: 'D-SCALE',
  needs: ['hub'],
  worlds: ['hub-refuses'],
  judge: (record) => {
    const [refused] = connectsTo(record, 'hub');
    if (refused === undefined) return notExercised('the client does not use MQTT with the hub');
    const back = record.events.find(
      (event) => event.at > refused.at && event.kind === 'dps-request' && event.operation === 'register',
    );
    return back === undefined
      ? failed('a registration at DPS', 'the client did not register with DPS', refused)
      : passed(`the client registered with DPS after ${showMs(back.at - refused.at)}`, refused, back);
  },
});
