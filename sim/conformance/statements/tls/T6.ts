import { hellosTo } from '../../judge/hellos.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const T6 = defineStatement({
  id: 'T6',
  group: 'tls',
  level: 'must',
  statement: 'offers TLS 1.2 to DPS',
  source: 'L-TLSD',
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents(hellosTo(record, 'dps'), {
      missing: 'the client sent no ClientHello',
      expected: 'TLS 1.2 among the versions, because DPS supports no other version',
      isRight: ({ versions }) => versions.includes('TLS 1.2'),
      describe: ({ versions }) => `versions ${versions.join(', ')}`,
    }),
});
