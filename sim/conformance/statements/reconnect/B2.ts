import { counted } from '../../judge/counted.ts';
import { connectsTo } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { defineStatement } from '../statement.ts';

export const B2 = defineStatement({
  id: 'B2',
  group: 'reconnect',
  level: 'should',
  statement: 'registers with DPS again after the hub has refused ten connections, or after 15 to 30 minutes',
  source: 'D-RECON, D-SCALE',
  needs: ['hub'],
  worlds: ['hub-busy'],
  judge: (record) => {
    const connects = connectsTo(record, 'hub');
    const [first] = connects;
    if (first === undefined) return notExercised('the client does not use MQTT with the hub');
    const back = record.events.find(
      (event) => event.at > first.at && event.kind === 'dps-request' && event.operation === 'register',
    );
    const before = connects.filter(({ at }) => back === undefined || at < back.at);
    const last = before.at(-1) ?? first;
    if (back !== undefined && before.length <= 20)
      return passed(`the client went to DPS after ${counted(before.length, 'refused connection')}`, last, back);
    if (before.length >= 20)
      return failed(
        'a registration after about 10 refused connections',
        `the client made ${before.length} connections and did not register`,
        first,
        last,
      );
    return notExercised(`the client made ${counted(before.length, 'attempt')}; more are needed`);
  },
});
