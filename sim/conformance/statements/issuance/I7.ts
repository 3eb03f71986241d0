import { counted } from '../../judge/counted.ts';
import { notExercised } from '../../judge/finding.ts';
import { hubHandshakes, issuances } from '../../judge/issued.ts';
import { judgeEach } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const I7 = defineStatement({
  id: 'I7',
  group: 'issuance',
  level: 'should',
  statement: 'sends its leaf and the certificate of the issuing CA to the hub',
  source: 'D-ISS',
  needs: ['csr', 'hub'],
  worlds: ['issuance'],
  judge: (record) => {
    const [issued] = issuances(record);
    if (issued === undefined) return notExercised('DPS issued no certificate');
    return judgeEach(
      hubHandshakes(record).filter(({ opened }) => opened.chain.length > 0),
      {
        missing: 'the client sent no certificate to the hub',
        expected: 'the leaf and the issuing CA',
        isRight: ({ opened }) => opened.chain[1]?.thumbprint === issued.chain[1],
        describe: ({ opened }) => `the client sent ${counted(opened.chain.length, 'certificate')}`,
        events: ({ opened }) => [opened],
      },
    );
  },
});
