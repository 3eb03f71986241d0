import { isAudience } from '../../../../core/wire/sas.ts';
import { judgeEach } from '../../judge/judge-each.ts';
import { tokensIn } from '../../judge/tokens.ts';
import { defineStatement } from '../statement.ts';

export const K1 = defineStatement({
  id: 'K1',
  group: 'tokens',
  level: 'must',
  statement: 'sends valid tokens: `se` is in the future, `sr` and signature are right, `skn` is `registration` at DPS',
  source: 'DF 6',
  worlds: ['plain', 'retry-after-3', 'other-device-id'],
  judge: (record) => {
    const { hub, deviceId } = record.facts;
    return judgeEach(tokensIn(record), {
      missing: 'the client sent no token',
      expected:
        'a token with `se` in the future, a signature by the key of the device, its resource as `sr`, and at DPS `skn` registration',
      isRight: ({ token, service, resource, leftMs }) =>
        leftMs > 0 &&
        token.isSigned !== false &&
        (isAudience(token.resource, resource) ||
          (service === 'hub' && isAudience(token.resource, `${hub}/devices/${deviceId}`))) &&
        (service === 'hub' || token.keyName === 'registration'),
      describe: ({ token, leftMs }) =>
        `sr ${token.resource}, ${leftMs > 0 ? `${Math.round(leftMs / 1000)} s left` : `expired ${Math.round(-leftMs / 1000)} s ago`}, skn ${token.keyName ?? 'none'}${token.isSigned === false ? ', wrong signature' : ''}`,
      events: ({ event }) => [event],
    });
  },
});
