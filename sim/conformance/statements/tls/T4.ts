import { judgeAcceptedServer } from '../../judge/judge-accepted-server.ts';
import { defineStatement } from '../statement.ts';

export const T4 = defineStatement({
  id: 'T4',
  group: 'tls',
  level: 'must',
  statement: 'accepts a server whose intermediate CA is new and whose root is trusted',
  source: 'L-ROOT',
  worlds: ['new-intermediate'],
  judge: (record) => judgeAcceptedServer(record, 'with a new intermediate CA under a trusted root'),
});
