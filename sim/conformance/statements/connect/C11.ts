import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { defineStatement } from '../statement.ts';

export const C11 = defineStatement({
  id: 'C11',
  group: 'connect',
  level: 'must',
  statement: 'writes the host name of `assignedHub` unchanged into its user name',
  source: 'DF 12, CLI #891',
  needs: ['hub'],
  worlds: ['plain', 'certificate', 'other-device-id'],
  judge: (record) =>
    judgeEvents(connectsTo(record, 'hub'), {
      missing: 'the client does not use MQTT with the hub',
      expected: `host ${record.facts.hub}`,
      isRight: ({ host }) => host === record.facts.hub,
      describe: ({ host }) => `host ${host ?? 'missing'}`,
    }),
});
