import { afterBoot } from '../../judge/after-act.ts';
import { issuances } from '../../judge/issued.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { isInService } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const S2 = defineStatement({
  id: 'S2',
  group: 'power',
  level: 'must',
  statement: 'has a certificate and its matching key even if the power fails right after the certificate arrives',
  source: '[I] of D-REN',
  needs: ['csr', 'hub', 'state'],
  worlds: ['power-cut-issued'],
  judge: (record) => {
    if (issuances(record).length === 0) return notExercised('DPS issued no certificate');
    const later = afterBoot(record);
    if (later === undefined) return notExercised('DPS issued no certificate');
    const [ended] = later.filter((event) => event.kind === 'ended' && !event.byRunner);
    const visit = later.find((event) => event.kind === 'connect' && event.service === 'hub');
    return isInService(later)
      ? passed('the client got into service again', ...(visit === undefined ? [] : [visit]))
      : failed(
          'the client gets into service',
          'the client did not get into service again',
          ...(ended === undefined ? later.slice(0, 1) : [ended]),
        );
  },
});
