import type { WireEvent } from '../../../../core/conformance/wire-event.ts';
import { counted } from '../../judge/counted.ts';
import { connectsTo, eventsFrom } from '../../judge/connections.ts';
import { notExercised } from '../../judge/finding.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import type { EventOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const H3 = defineStatement({
  id: 'H3',
  group: 'hub',
  level: 'should',
  statement: 'reads its twin after each reconnect',
  source: 'D-MQTT',
  needs: ['hub'],
  worlds: ['hub-cut'],
  judge: (record) => {
    const [first, ...later] = connectsTo(record, 'hub');
    const reads = (connect: EventOf<'connect'>): readonly WireEvent[] =>
      eventsFrom(record, connect.connection).filter(
        (event) => event.kind === 'publish' && event.from === 'client' && event.topic.startsWith('$iothub/twin/GET'),
      );
    if (first === undefined || reads(first).length === 0)
      return notExercised('the client does not read its twin over MQTT');
    return judgeEvents(later, {
      missing: 'the client did not connect again',
      expected: 'a read of the twin, because the hub does not repeat missed changes',
      isRight: (connect) => reads(connect).length > 0,
      describe: (connect) => `the client read its twin ${counted(reads(connect).length, 'time')} after the reconnect`,
    });
  },
});
