import { connectsTo } from '../../judge/connections.ts';
import { judgeBackOff } from '../../judge/judge-back-off.ts';
import { defineStatement } from '../statement.ts';

export const E5 = defineStatement({
  id: 'E5',
  group: 'errors',
  level: 'should',
  statement: 'waits before it repeats a CONNECT that DPS answered with CONNACK 5',
  source: 'DF 2.6',
  worlds: ['connack-5-dps'],
  judge: (record) =>
    judgeBackOff(connectsTo(record, 'dps'), { atLeastMs: 500, mustRepeat: false, attempt: 'CONNECT to DPS' }),
});
