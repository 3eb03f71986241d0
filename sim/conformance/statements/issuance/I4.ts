import { issuingApiVersions } from '../../../../core/wire/dps-wire.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { withCsr } from '../../judge/with-csr.ts';
import { defineStatement } from '../statement.ts';

export const I4 = defineStatement({
  id: 'I4',
  group: 'issuance',
  level: 'must',
  statement: 'sends `csr` only under an API version that has this member, and never in a status lookup',
  source: 'REST-D',
  worlds: ['issuance', 'plain'],
  judge: (record) =>
    judgeEvents(withCsr(record), {
      missing: 'the client sent no `csr`',
      expected: `a register request under ${issuingApiVersions.join(', ')}`,
      isRight: ({ apiVersion, operation }) => operation === 'register' && issuingApiVersions.includes(apiVersion),
      describe: ({ apiVersion, operation }) => `the client sent \`csr\` in a ${operation} request under ${apiVersion}`,
    }),
});
