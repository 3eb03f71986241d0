import { judgeEvents } from '../../judge/judge-each.ts';
import { withCsr } from '../../judge/with-csr.ts';
import { defineStatement } from '../statement.ts';

export const I3 = defineStatement({
  id: 'I3',
  group: 'issuance',
  level: 'must',
  statement: 'signs the certificate request with the key that it contains; this key should be on curve P-384',
  source: 'D-ISS',
  needs: ['csr'],
  worlds: ['issuance'],
  judge: (record) =>
    judgeEvents(
      withCsr(record).filter(({ csr }) => csr?.isBase64Der),
      {
        missing: 'the client sent no readable `csr`',
        expected: 'a signature by the key in the request, on a NIST curve; the documentation names P-384',
        isRight: ({ csr }) => csr?.isSignedByItsKey === true && csr.keyKind.startsWith('EC P-'),
        describe: ({ csr }) =>
          `key ${csr?.keyKind ?? 'unknown'}, request ${csr?.isSignedByItsKey === true ? 'signed by this key' : 'not signed by this key'}`,
      },
    ),
});
