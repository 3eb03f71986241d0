import { exchanges } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { defineStatement } from '../statement.ts';

export const E1 = defineStatement({
  id: 'E1',
  group: 'errors',
  level: 'must',
  statement: 'opens a new connection before it registers again after a 401 over MQTT',
  source: 'DF 2.5',
  worlds: ['not-enrolled'],
  judge: (record) => {
    const refused = exchanges(record).find(
      ({ request, answer }) => request.transport.startsWith('mqtt') && answer?.status === 401,
    );
    if (refused?.answer === undefined) return notExercised('no request got 401 over MQTT');
    const again = eventsOf(record, 'dps-request').find(
      (each) =>
        each.connection === refused.request.connection &&
        each.at >= (refused.answer?.at ?? 0) &&
        each !== refused.request,
    );
    return again === undefined
      ? passed('the client sent no further request on the connection of the 401', refused.answer)
      : failed(
          'a new connection',
          `the client sent a ${again.operation} request on the same connection`,
          refused.answer,
          again,
        );
  },
});
