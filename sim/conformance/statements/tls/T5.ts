import { judgeAcceptedServer } from '../../judge/judge-accepted-server.ts';
import { defineStatement } from '../statement.ts';

export const T5 = defineStatement({
  id: 'T5',
  group: 'tls',
  level: 'should',
  statement: 'trusts each root of its trust bundle, such as DigiCert Global Root G2 and Microsoft RSA Root 2017',
  source: 'L-ROOT',
  worlds: ['plain', 'second-root'],
  judge: (record) => judgeAcceptedServer(record, 'with a certificate under a root of the trust bundle'),
});
