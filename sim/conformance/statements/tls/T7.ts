import { hellosTo } from '../../judge/hellos.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const T7 = defineStatement({
  id: 'T7',
  group: 'tls',
  level: 'must',
  statement: 'offers one of the suites of DPS and of classic hubs',
  source: 'L-TLSD, L-TLSH',
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEvents([...hellosTo(record, 'dps'), ...hellosTo(record, 'hub')], {
      missing: 'the client sent no ClientHello',
      expected: 'an ECDHE-RSA suite with AES-GCM, or with AES-CBC and SHA-2; DPS also supports ECDHE-ECDSA suites',
      isRight: ({ suites }) =>
        suites.some((suite) => /^TLS_ECDHE_RSA_WITH_AES_(128|256)_(GCM|CBC)_SHA(256|384)$/.test(suite)),
      describe: ({ suites }) => suites.join(' '),
    }),
});
