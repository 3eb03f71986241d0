import { counted } from '../../judge/counted.ts';
import { connectsTo } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { showMs } from '../../judge/gaps.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const B6 = defineStatement({
  id: 'B6',
  group: 'reconnect',
  level: 'should',
  statement: 'does not alternate quickly between DPS and a hub that refuses it',
  source: 'D-SCALE',
  needs: ['hub'],
  worlds: ['hub-refuses'],
  judge: (record) => {
    const connects = connectsTo(record, 'hub');
    const registers = eventsOf(record, 'dps-request').filter(({ operation }) => operation === 'register');
    const [first] = registers;
    if (connects.length === 0 || first === undefined) return notExercised('the client does not use MQTT with the hub');
    const fast = registers.find((each, at) => (registers[at + 3]?.at ?? Number.POSITIVE_INFINITY) - each.at < 10_000);
    const fourth = fast === undefined ? undefined : registers[registers.indexOf(fast) + 3];
    return fast === undefined || fourth === undefined
      ? passed(`the client sent ${counted(registers.length, 'register request')} in ${showMs(record.tookMs)}`, first)
      : failed(
          'fewer than 4 register requests in 10 s',
          `the client sent 4 register requests in ${showMs(fourth.at - fast.at)}`,
          fast,
          fourth,
        );
  },
});
