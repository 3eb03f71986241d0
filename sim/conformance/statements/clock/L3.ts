import { afterAct } from '../../judge/after-act.ts';
import { notExercised } from '../../judge/finding.ts';
import { judgeWaits } from '../../judge/waits.ts';
import { defineStatement } from '../statement.ts';

export const L3 = defineStatement({
  id: 'L3',
  group: 'clock',
  level: 'should',
  statement: 'waits for the whole `retry-after` even if its clock jumps',
  source: '[I]',
  worlds: ['clock-jump'],
  judge: (record) => {
    const jump = afterAct(record);
    return jump === undefined
      ? notExercised('the clock of the client did not jump')
      : judgeWaits(record, ({ status }) => status < 400);
  },
});
