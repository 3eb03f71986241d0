import { afterAct } from '../../judge/after-act.ts';
import { issuances } from '../../judge/issued.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { isInService } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const I8 = defineStatement({
  id: 'I8',
  group: 'issuance',
  level: 'must',
  statement: 'keeps its onboarding credential, and registers with it again when the hub refuses the issued certificate',
  source: 'D-REN',
  needs: ['csr', 'hub'],
  worlds: ['leaf-revoked'],
  judge: (record) => {
    if (issuances(record).length === 0) return notExercised('DPS issued no certificate');
    const later = afterAct(record);
    if (later === undefined) return notExercised('the client did not get into service');
    const back = later.find((event) => event.kind === 'dps-request' && event.operation === 'register');
    const visit = later.find((event) => event.kind === 'connect' && event.service === 'hub');
    if (back === undefined)
      return failed('a registration at DPS', 'the client did not register', ...(visit === undefined ? [] : [visit]));
    return isInService(later)
      ? passed('the client registered and got into service', back)
      : failed('the client gets into service', 'DPS or the hub did not accept the client', back);
  },
});
