import { judgeWaits } from '../../judge/waits.ts';
import { defineStatement } from '../statement.ts';

export const P1 = defineStatement({
  id: 'P1',
  group: 'polling',
  level: 'must',
  statement: 'sends no poll until `retry-after` has passed',
  source: 'REST-D, D-SCALE',
  worlds: ['plain', 'retry-after-3', 'slow'],
  judge: (record) => judgeWaits(record, ({ status }) => status < 400),
});
