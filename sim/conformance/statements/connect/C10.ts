import type { WireEvent } from '../../../../core/conformance/wire-event.ts';
import { judgeEach } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const C10 = defineStatement({
  id: 'C10',
  group: 'connect',
  level: 'must',
  statement: 'never uses QoS 2',
  source: 'D-MQTT',
  worlds: ['plain', 'hub-calls', 'certificate'],
  judge: (record) => {
    const sent = [
      ...eventsOf(record, 'subscribe').map((event) => ({ event, qos: event.filters.map(({ qos }) => qos) })),
      ...eventsOf(record, 'publish').flatMap((event) => (event.from === 'client' ? [{ event, qos: [event.qos] }] : [])),
    ];
    return judgeEach<{ readonly event: WireEvent; readonly qos: readonly number[] }>(sent, {
      missing: 'the client does not use MQTT',
      expected: 'QoS 0 or 1; the hub ends the connection of a client that publishes at QoS 2',
      isRight: ({ qos }) => qos.every((each) => each <= 1),
      describe: ({ qos }) => `QoS ${qos.join(', ')}`,
      events: ({ event }) => [event],
    });
  },
});
