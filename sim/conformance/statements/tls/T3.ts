import { judgeRefusedServer } from '../../judge/judge-refused-server.ts';
import { defineStatement } from '../statement.ts';

export const T3 = defineStatement({
  id: 'T3',
  group: 'tls',
  level: 'must',
  statement: 'refuses an expired server certificate of DPS',
  source: 'RFC 5280 6.1.3',
  worlds: ['expired-server'],
  judge: (record) => judgeRefusedServer(record, 'with an expired certificate'),
});
