import { judgeEvents } from '../../judge/judge-each.ts';
import { withCsr } from '../../judge/with-csr.ts';
import { defineStatement } from '../statement.ts';

export const I1 = defineStatement({
  id: 'I1',
  group: 'issuance',
  level: 'must',
  statement: 'sends `csr` as base64 of DER, without PEM header and line breaks',
  source: 'REST-D',
  needs: ['csr'],
  worlds: ['issuance'],
  judge: (record) =>
    judgeEvents(withCsr(record), {
      missing: 'the client sent no `csr`',
      expected: 'base64 of a PKCS #10 structure, in one line',
      isRight: ({ csr }) => csr?.isBase64Der === true,
      describe: ({ csr }) =>
        csr?.isBase64Der === true ? 'a PKCS #10 structure' : 'a text that is not base64 of a PKCS #10 structure',
    }),
});
