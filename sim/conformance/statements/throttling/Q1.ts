import { judgeWaits } from '../../judge/waits.ts';
import { defineStatement } from '../statement.ts';

export const Q1 = defineStatement({
  id: 'Q1',
  group: 'throttling',
  level: 'must',
  statement: 'sends no request until `retry-after` has passed after a 429',
  source: 'D-SCALE',
  worlds: ['register-429', 'poll-429'],
  judge: (record) => judgeWaits(record, ({ status }) => status === 429),
});
