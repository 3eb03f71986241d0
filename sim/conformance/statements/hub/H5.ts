import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const H5 = defineStatement({
  id: 'H5',
  group: 'hub',
  level: 'must',
  statement: 'acknowledges a cloud-to-device message of QoS 1',
  source: 'D-C2D',
  needs: ['hub'],
  worlds: ['hub-calls'],
  judge: (record) => {
    const messages = eventsOf(record, 'publish').filter(
      ({ from, topic, qos }) => from === 'service' && topic.startsWith('devices/') && qos === 1,
    );
    return judgeEvents(messages, {
      missing: 'the client does not subscribe to cloud-to-device messages at QoS 1 over MQTT',
      expected: 'a PUBACK with the packet identifier of the message',
      isRight: (message) =>
        eventsOf(record, 'puback').some(
          ({ from, id, connection }) => from === 'client' && id === message.id && connection === message.connection,
        ),
      describe: ({ id }) => `a message of the hub with packet identifier ${id ?? 0}`,
    });
  },
});
