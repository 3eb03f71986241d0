import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const C6 = defineStatement({
  id: 'C6',
  group: 'connect',
  level: 'must',
  statement: 'uses its device ID as client ID at the hub',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['plain', 'certificate', 'other-device-id'],
  judge: (record) =>
    judgeEvents(connectsTo(record, 'hub'), {
      missing: 'the client does not use MQTT with the hub',
      expected: `client ID ${record.facts.deviceId}, as in the user name`,
      isRight: ({ clientId, identity, module }) =>
        clientId === (module === undefined ? identity : `${identity ?? ''}/${module}`),
      describe: ({ clientId, userName }) => `client ID ${clientId}, user name ${userName}`,
    }),
});
