import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const C2 = defineStatement({
  id: 'C2',
  group: 'connect',
  level: 'must',
  statement: 'uses its registration ID as client ID and in the user name at DPS',
  source: 'DF 2.2',
  worlds: ['plain', 'certificate', 'other-device-id'],
  judge: (record) => {
    const { registrationId } = record.facts;
    return judgeEvents(connectsTo(record, 'dps'), {
      missing: 'the client does not use MQTT with DPS',
      expected: `client ID and user name with ${registrationId}`,
      isRight: ({ clientId, identity }) => clientId === registrationId && identity === registrationId,
      describe: ({ clientId, userName }) => `client ID ${clientId}, user name ${userName}`,
    });
  },
});
