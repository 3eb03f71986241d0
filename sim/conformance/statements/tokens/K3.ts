import { judgeEach } from '../../judge/judge-each.ts';
import { tokensIn } from '../../judge/tokens.ts';
import { defineStatement } from '../statement.ts';

export const K3 = defineStatement({
  id: 'K3',
  group: 'tokens',
  level: 'should',
  statement: 'uses tokens that last at most 24 hours',
  source: 'defaults of the SDKs',
  worlds: ['plain', 'retry-after-3'],
  judge: (record) =>
    judgeEach(tokensIn(record), {
      missing: 'the client sent no token',
      expected: 'at most 24 h, because a stolen token is valid until then',
      isRight: ({ leftMs }) => leftMs <= 24 * 3_600_000 + 60_000,
      describe: ({ leftMs }) => `the client sent a token for ${(leftMs / 3_600_000).toFixed(1)} h`,
      events: ({ event }) => [event],
    }),
});
