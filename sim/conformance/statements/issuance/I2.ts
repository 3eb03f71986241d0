import { judgeEvents } from '../../judge/judge-each.ts';
import { withCsr } from '../../judge/with-csr.ts';
import { defineStatement } from '../statement.ts';

export const I2 = defineStatement({
  id: 'I2',
  group: 'issuance',
  level: 'must',
  statement: 'uses exactly its registration ID as common name of the certificate request',
  source: 'D-ISS',
  needs: ['csr'],
  worlds: ['issuance'],
  judge: (record) =>
    judgeEvents(
      withCsr(record).filter(({ csr }) => csr?.isBase64Der),
      {
        missing: 'the client sent no readable `csr`',
        expected: `one common name, ${record.facts.registrationId}`,
        isRight: ({ csr }) => csr?.commonNames.length === 1 && csr.commonNames[0] === record.facts.registrationId,
        describe: ({ csr }) => `common name ${csr?.commonNames.join(', ') || 'missing'}`,
      },
    ),
});
