import { connectsTo } from '../../judge/connections.ts';
import { type Exchange, exchanges } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import type { EventOf } from '../../judge/world-record.ts';
import { isInService } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const R4 = defineStatement({
  id: 'R4',
  group: 'registration',
  level: 'should',
  statement: 'uses a new `$rid` for each open request, and matches answers to requests by `$rid`',
  source: 'DF 2.3',
  worlds: ['plain', 'foreign-answer'],
  judge: (record) => {
    const overMqtt = exchanges(record).filter(({ request }) => request.transport.startsWith('mqtt'));
    const [first] = overMqtt;
    if (first === undefined) return notExercised('the client does not use MQTT with DPS');
    const twice = overMqtt.find(({ request }, at) =>
      overMqtt.slice(0, at).some((earlier) => isReused(earlier, request)),
    );
    if (twice !== undefined)
      return failed(
        'a new $rid for each open request',
        `the client used $rid ${twice.request.rid ?? 'missing'} for two open requests`,
        twice.request,
      );
    if (record.world !== 'foreign-answer')
      return passed('each open request of the client has its own $rid', first.request);
    const mixed = connectsTo(record, 'hub').find(({ identity }) => identity === 'another-device');
    if (mixed !== undefined)
      return failed('no use of an answer with an unknown $rid', 'the client used the answer to another request', mixed);
    const isRight = isInService(record.events);
    return isRight
      ? passed('the client ignored the answer with an unknown $rid', first.request)
      : failed(
          'the client uses the answer with the $rid of its request',
          'the client did not get into service',
          first.request,
        );
  },
});

function isReused(earlier: Exchange, request: EventOf<'dps-request'>): boolean {
  const isOpen = earlier.answer === undefined || earlier.answer.at > request.at;
  return isOpen && earlier.request.connection === request.connection && earlier.request.rid === request.rid;
}
