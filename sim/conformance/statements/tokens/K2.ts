import { failed, notExercised, passed } from '../../judge/finding.ts';
import { tokensIn } from '../../judge/tokens.ts';
import { defineStatement } from '../statement.ts';

export const K2 = defineStatement({
  id: 'K2',
  group: 'tokens',
  level: 'should',
  statement: 'uses a new token before the old one expires',
  source: 'D-CONN',
  needs: ['hub', 'tokens'],
  worlds: ['short-token'],
  judge: (record) => {
    const sent = tokensIn(record).filter(({ service, leftMs }) => service === 'hub' && leftMs < 60_000);
    const [first] = sent;
    if (first === undefined)
      return notExercised('the client used no token with a lifetime of less than 60 s at the hub');
    const pairs = sent.map((each, at) => ({ each, next: sent[at + 1] }));
    const late = pairs.find(({ each, next }) => {
      const endsAt = each.event.at + each.leftMs;
      return (next?.event.at ?? record.tookMs) > endsAt + 1000;
    });
    return late === undefined
      ? passed('the client replaced each token before it expired', first.event)
      : failed(
          'a CONNECT with a new token before the old one expires',
          'the client sent no new token in time',
          late.each.event,
          ...(late.next === undefined ? [] : [late.next.event]),
        );
  },
});
