import { notExercised } from '../../judge/finding.ts';
import { hubHandshakes, issuances } from '../../judge/issued.ts';
import { judgeEach } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const I6 = defineStatement({
  id: 'I6',
  group: 'issuance',
  level: 'must',
  statement: 'connects to the hub with the issued certificate, and not with its onboarding credential',
  source: 'D-ISS',
  needs: ['csr', 'hub'],
  worlds: ['issuance'],
  judge: (record) => {
    const [issued] = issuances(record);
    if (issued === undefined) return notExercised('DPS issued no certificate');
    return judgeEach(hubHandshakes(record), {
      missing: 'the client does not use MQTT with the hub',
      expected: 'the issued certificate in the handshake, and no token',
      isRight: ({ connect, opened }) => opened.chain[0]?.thumbprint === issued.chain[0] && connect.token === undefined,
      describe: ({ connect, opened }) =>
        `${opened.chain[0] === undefined ? 'no certificate' : opened.chain[0].subject}, password ${connect.password}`,
      events: ({ connect, opened }) => [opened, connect],
    });
  },
});
