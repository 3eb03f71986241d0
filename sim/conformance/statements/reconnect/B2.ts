import { connectsTo } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { defineStatement } from '../statement.ts';

/** The limit of 30 minutes, plus one minute for the longest wait between two connections. */
const longestMs = 31 * 60_000;

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
    const afterMs = (back ?? record.events.at(-1) ?? last).at - first.at;
    const seen = `${before.length} refused connections in ${showMs(afterMs)}`;
    if (back !== undefined && (before.length <= 20 || afterMs <= longestMs))
      return passed(`the client registered with DPS after ${seen}`, last, back);
    if (back !== undefined || before.length >= 60 || (afterMs > longestMs && before.length >= 10))
      return failed('a registration after 10 refused connections, or after 15 to 30 minutes', seen, first, last);
    return notExercised(`${seen}, which is too little for a verdict`);
  },
});
