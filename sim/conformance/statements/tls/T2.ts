import { judgeRefusedServer } from '../../judge/judge-refused-server.ts';
import { defineStatement } from '../statement.ts';

export const T2 = defineStatement({
  id: 'T2',
  group: 'tls',
  level: 'must',
  statement: 'refuses a server of DPS whose certificate is under a trusted root but for another host name',
  source: 'RFC 6125 6',
  worlds: ['other-host'],
  judge: (record) => judgeRefusedServer(record, 'with a certificate for another host name'),
});
