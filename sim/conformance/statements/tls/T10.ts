import { counted } from '../../judge/counted.ts';
import { isHubConnection } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const T10 = defineStatement({
  id: 'T10',
  group: 'tls',
  level: 'must',
  statement: 'sends its leaf and all CA certificates up to the CA that DPS knows',
  source: 'DF 5.1',
  needs: ['x509'],
  worlds: ['certificate'],
  judge: (record) => {
    const { givenChain } = record.facts;
    const toDps = eventsOf(record, 'opened').filter(({ connection }) => !isHubConnection(record, connection));
    return judgeEvents(toDps, {
      missing: 'the client opened no connection',
      expected: `${givenChain} certificates: the leaf and its intermediate CA`,
      isRight: ({ chain }) => chain.length >= givenChain,
      describe: ({ chain }) => `the client sent ${counted(chain.length, 'certificate')}`,
    });
  },
});
