import { judgeEvents } from '../../judge/judge-each.ts';
import { registersWithTpm } from '../../judge/registers-with-tpm.ts';
import { defineStatement } from '../statement.ts';

export const M3 = defineStatement({
  id: 'M3',
  group: 'tpm',
  level: 'must',
  statement: 'does not use TPM attestation over MQTT',
  source: 'DF 2.1',
  needs: ['tpm'],
  worlds: ['tpm'],
  judge: (record) => {
    const requests = registersWithTpm(record);
    return judgeEvents(requests, {
      missing: 'the client sent no `tpm`',
      expected: 'HTTPS or AMQP',
      isRight: ({ transport }) => !transport.startsWith('mqtt'),
      describe: ({ transport }) => `\`tpm\` over ${transport}`,
    });
  },
});
