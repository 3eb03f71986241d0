import { judgeEach } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { isTelemetry } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const H6 = defineStatement({
  id: 'H6',
  group: 'hub',
  level: 'must',
  statement: 'sends messages of at most 256 KB',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['plain', 'certificate'],
  judge: (record) =>
    judgeEach(
      [...eventsOf(record, 'publish').filter(({ from }) => from === 'client'), ...eventsOf(record, 'http')].filter(
        isTelemetry,
      ),
      {
        missing: 'the lab saw no telemetry over MQTT or HTTPS',
        expected: 'at most 262144 bytes',
        isRight: ({ bytes }) => bytes <= 262_144,
        describe: ({ bytes }) => `the client sent a message of ${bytes} bytes`,
        events: (event) => [event],
      },
    ),
});
