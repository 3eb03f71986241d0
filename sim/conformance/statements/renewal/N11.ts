import { counted } from '../../judge/counted.ts';
import { afterAct } from '../../judge/after-act.ts';
import { issuances } from '../../judge/issued.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { defineStatement } from '../statement.ts';

export const N11 = defineStatement({
  id: 'N11',
  group: 'renewal',
  level: 'must',
  statement:
    'registers with its onboarding credential after its certificate is revoked or has expired, and does not try the hub forever',
  source: 'D-REN, D-REV',
  needs: ['csr', 'hub'],
  worlds: ['leaf-revoked'],
  judge: (record) => {
    if (issuances(record).length === 0) return notExercised('DPS issued no certificate');
    const later = afterAct(record);
    if (later === undefined) return notExercised('the client did not get into service');
    const back = later.findIndex((event) => event.kind === 'dps-request' && event.operation === 'register');
    const before = (back === -1 ? later : later.slice(0, back)).filter(
      (event) => event.kind === 'connect' && event.service === 'hub',
    );
    const [visit] = before;
    const registered = later[back];
    if (registered === undefined)
      return failed(
        'a registration at DPS',
        `the client made ${before.length} connections to the hub and did not register`,
        ...(visit === undefined ? [] : [visit]),
      );
    return before.length <= 10
      ? passed(`the client registered with DPS after ${counted(before.length, 'refused connection')}`, registered)
      : failed('at most 10 refused connections', `the hub refused ${before.length} connections`, registered);
  },
});
