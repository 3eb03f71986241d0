import { connectsTo } from '../../judge/connections.ts';
import { judgeBackOff } from '../../judge/judge-back-off.ts';
import { defineStatement } from '../statement.ts';

export const E6 = defineStatement({
  id: 'E6',
  group: 'errors',
  level: 'should',
  statement: 'waits and then repeats a CONNECT that DPS answered with CONNACK 3',
  source: 'DF 2.6',
  worlds: ['connack-3-dps'],
  judge: (record) =>
    judgeBackOff(connectsTo(record, 'dps'), { atLeastMs: 100, mustRepeat: true, attempt: 'CONNECT to DPS' }),
});
