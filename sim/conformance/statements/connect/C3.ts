import { deviceApiVersions } from '../../../../core/wire/dps-wire.ts';
import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const C3 = defineStatement({
  id: 'C3',
  group: 'connect',
  level: 'must',
  statement: 'sends a published API version to DPS',
  source: 'REST-D',
  worlds: ['plain', 'certificate'],
  judge: (record) => {
    const sent = [...connectsTo(record, 'dps'), ...eventsOf(record, 'dps-request')];
    return judgeEvents(sent, {
      missing: 'the client sent no request to DPS',
      expected: `one of ${deviceApiVersions.join(', ')}`,
      isRight: ({ apiVersion = '' }) => deviceApiVersions.includes(apiVersion),
      describe: ({ apiVersion }) => `api-version is ${apiVersion ?? 'missing'}`,
    });
  },
});
