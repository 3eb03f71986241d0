import { judgeRefusedServer } from '../../judge/judge-refused-server.ts';
import { defineStatement } from '../statement.ts';

export const T1 = defineStatement({
  id: 'T1',
  group: 'tls',
  level: 'must',
  statement: 'refuses a server under a root that it was not given',
  source: 'RFC 5280 6.1, RFC 8446 4.4.2.4',
  worlds: ['unknown-root'],
  judge: (record) => judgeRefusedServer(record, 'under an unknown root'),
});
