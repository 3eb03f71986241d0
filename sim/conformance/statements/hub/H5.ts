import { judgeEvents } from '../../judge/judge-each.ts';
import { eventsOf, type EventOf } from '../../judge/world-record.ts';
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
    const isAcknowledged = (message: EventOf<'publish'>): boolean =>
      eventsOf(record, 'puback').some(
        ({ from, id, connection }) => from === 'client' && id === message.id && connection === message.connection,
      );
    return judgeEvents(messages, {
      missing: 'the client does not subscribe to cloud-to-device messages at QoS 1 over MQTT',
      expected: 'a PUBACK with the packet identifier of the message',
      isRight: isAcknowledged,
      describe: (message) =>
        `the client ${isAcknowledged(message) ? 'acknowledged' : 'did not acknowledge'} the message with packet identifier ${message.id ?? 0}`,
    });
  },
});
