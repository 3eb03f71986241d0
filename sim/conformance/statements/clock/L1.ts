import { isoInstant } from '../../../../core/time/clock.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { tokensIn } from '../../judge/tokens.ts';
import { defineStatement } from '../statement.ts';

export const L1 = defineStatement({
  id: 'L1',
  group: 'clock',
  level: 'should',
  statement: 'makes no token while its clock shows a time before the build of its firmware, such as 1970',
  source: 'D-ERR, DF 15 no. 23',
  worlds: ['clock-1970'],
  judge: (record) => {
    const early = tokensIn(record).find(({ token }) => token.expiresAt < year2020);
    if (early !== undefined)
      return failed(
        'no token until the clock is right',
        `the client sent a token that is valid until ${isoInstant(early.token.expiresAt)}`,
        early.event,
      );
    const right = tokensIn(record).find(({ leftMs }) => leftMs > 0);
    const tried = record.events.find(({ kind }) => kind === 'opened' || kind === 'handshake-failed');
    if (right !== undefined) return passed('the client made its token with the right clock', right.event);
    if (tried !== undefined) return passed('the client sent no token', tried);
    const [started] = eventsOf(record, 'started');
    return started === undefined
      ? notExercised('the client was not started')
      : passed('the client opened no connection with the wrong clock', started);
  },
});

/** 2020-01-01T00:00:00Z. Every supported client was built after this date. */
const year2020 = 1_577_836_800_000;
