import { connectsTo } from '../../judge/connections.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const R5 = defineStatement({
  id: 'R5',
  group: 'registration',
  level: 'must',
  statement: 'connects to the `assignedHub` of the answer, with the `deviceId` of the answer',
  source: 'REST-D',
  needs: ['hub'],
  worlds: ['other-device-id', 'plain'],
  judge: (record) => {
    const { deviceId, hub } = record.facts;
    const visits = [
      ...connectsTo(record, 'hub'),
      ...eventsOf(record, 'http').filter(({ path }) => path.startsWith('/devices/')),
    ];
    return judgeEvents(visits, {
      missing: 'the lab saw no connection to the hub over MQTT or HTTPS',
      expected: `device ${deviceId} at ${hub}`,
      isRight: (visit) =>
        visit.kind === 'connect'
          ? visit.identity === deviceId && visit.host?.toLowerCase() === hub
          : visit.path.startsWith(`/devices/${deviceId}/`) && visit.host === hub,
      describe: (visit) =>
        visit.kind === 'connect'
          ? `device ${visit.identity ?? 'missing'} at ${visit.host ?? 'missing'}`
          : `${visit.path} at ${visit.host}`,
    });
  },
});
