import { endOf } from '../../judge/connections.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { type EventOf, type WorldRecord, eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const C8 = defineStatement({
  id: 'C8',
  group: 'connect',
  level: 'must',
  statement: 'opens no second connection with its client ID while the first connection is open',
  source: 'D-MQTT, error 400027',
  worlds: ['plain', 'certificate', 'hub-cut'],
  judge: (record) => {
    const connects = eventsOf(record, 'connect');
    const pairs = connects.map((later, at) => {
      const open = connects
        .slice(0, at)
        .find((earlier) => isSameClient(earlier, later) && isOpenAt(record, earlier.connection, later));
      return { later, open };
    });
    const overlap = pairs.find(({ open }) => open !== undefined);
    const [first] = connects;
    if (first === undefined) return notExercised('the client does not use MQTT');
    return overlap?.open === undefined
      ? passed('no two connections of the same client ID overlap', first)
      : failed(
          'the end of the first connection before the second CONNECT',
          `the second CONNECT of ${overlap.later.clientId} came while the first connection was open`,
          overlap.open,
          overlap.later,
        );
  },
});

function isSameClient(one: EventOf<'connect'>, other: EventOf<'connect'>): boolean {
  return one.service === other.service && one.clientId === other.clientId && one.host === other.host;
}

function isOpenAt(record: WorldRecord, connection: number, moment: EventOf<'connect'>): boolean {
  const end = endOf(record, connection);
  return end === undefined || record.events.indexOf(end) > record.events.indexOf(moment);
}
