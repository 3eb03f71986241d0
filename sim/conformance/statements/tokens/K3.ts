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
      expected: 'a token that is valid for at most 24 h, because an attacker can use a stolen token until it expires',
      isRight: ({ leftMs }) => leftMs <= 24 * 3_600_000 + 60_000,
      describe: ({ leftMs }) => `the client sent a token that is valid for ${(leftMs / 3_600_000).toFixed(1)} h`,
      events: ({ event }) => [event],
    }),
});
