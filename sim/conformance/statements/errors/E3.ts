import { judgeBackOff } from '../../judge/judge-back-off.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const E3 = defineStatement({
  id: 'E3',
  group: 'errors',
  level: 'should',
  statement: 'registers again with a wait after 500 or 503',
  source: 'DF 1.9',
  worlds: ['register-503'],
  judge: (record) => {
    const registers = eventsOf(record, 'dps-request').filter(({ operation }) => operation === 'register');
    return judgeBackOff(registers.slice(0, 2), { atLeastMs: 100, mustRepeat: true, attempt: 'register request' });
  },
});
