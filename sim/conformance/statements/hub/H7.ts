import type { WireEvent } from '../../../../core/conformance/wire-event.ts';
import { counted } from '../../judge/counted.ts';
import { connectsTo, eventsFrom } from '../../judge/connections.ts';
import { notExercised } from '../../judge/finding.ts';
import { judgeEvents } from '../../judge/judge-each.ts';
import type { EventOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const H7 = defineStatement({
  id: 'H7',
  group: 'hub',
  level: 'must',
  statement: 'subscribes again after a CONNACK with session present 0, because the hub has lost the session',
  source: '[MQTT-3.2.2-2]',
  needs: ['hub'],
  worlds: ['session-lost'],
  judge: (record) => {
    const [first, ...later] = connectsTo(record, 'hub');
    const subscribes = (connect: EventOf<'connect'>): readonly WireEvent[] =>
      eventsFrom(record, connect.connection).filter(({ kind }) => kind === 'subscribe');
    if (first === undefined || subscribes(first).length === 0)
      return notExercised('the client subscribes to nothing at the hub over MQTT');
    return judgeEvents(later, {
      missing: 'the client did not connect again',
      expected: 'a SUBSCRIBE after CONNACK with session present 0',
      isRight: (connect) => subscribes(connect).length > 0,
      describe: (connect) =>
        `the client sent ${counted(subscribes(connect).length, 'SUBSCRIBE packet')} after the reconnect`,
    });
  },
});
