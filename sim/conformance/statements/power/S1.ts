import { afterBoot } from '../../judge/after-act.ts';
import { connectsTo } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { isInService } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const S1 = defineStatement({
  id: 'S1',
  group: 'power',
  level: 'must',
  statement: 'registers or polls again if the power fails between 202 and the assignment, and gets the same device ID',
  source: 'D-SCALE',
  worlds: ['power-cut-assigning'],
  judge: (record) => {
    const later = afterBoot(record);
    if (later === undefined) return notExercised('the power did not fail while DPS assigned the device');
    const again = later.find(({ kind }) => kind === 'dps-request');
    if (again === undefined)
      return failed('a register request or a poll', 'the client sent no request to DPS', ...later.slice(0, 1));
    const other = connectsTo(record, 'hub').find(({ identity }) => identity !== record.facts.deviceId);
    if (other !== undefined)
      return failed(
        `the device ID ${record.facts.deviceId}`,
        `the client used the device ID ${other.identity ?? ''}`,
        other,
      );
    return isInService(later)
      ? passed('the client registered again and got into service', again)
      : failed('the client gets into service', 'the client did not get into service', again);
  },
});
