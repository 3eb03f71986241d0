import { judgeEach } from '../../judge/judge-each.ts';
import { tokensIn } from '../../judge/tokens.ts';
import { defineStatement } from '../statement.ts';

export const L2 = defineStatement({
  id: 'L2',
  group: 'clock',
  level: 'should',
  statement: 'keeps its clock within 5 minutes of the true time',
  source: 'D-ERR',
  needs: ['tokens', 'hub'],
  worlds: ['short-token'],
  judge: (record) =>
    judgeEach(
      tokensIn(record).filter(({ leftMs }) => leftMs < 3_000_000),
      {
        missing: 'the client made no token with the short lifetime that the lab requested',
        expected: 'a token that expires 6 s after its arrival, with a deviation of less than 300 s',
        isRight: ({ leftMs }) => Math.abs(leftMs - 6000) < 300_000,
        describe: ({ leftMs }) => `the token expires ${Math.round(leftMs / 1000)} s after its arrival`,
        events: ({ event }) => [event],
      },
    ),
});
