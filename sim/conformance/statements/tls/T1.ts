import { judgeRefusedServer } from '../../judge/judge-refused-server.ts';
import { defineStatement } from '../statement.ts';

export const T1 = defineStatement({
  id: 'T1',
  group: 'tls',
  level: 'must',
  statement: 'refuses a server of DPS whose certificate is under a root that the client does not trust',
  source: 'RFC 5280 6.1, RFC 8446 4.4.2.4',
  worlds: ['unknown-root'],
  judge: (record) => judgeRefusedServer(record, 'with a certificate under an unknown root'),
});
