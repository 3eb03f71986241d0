import { connectionProfileApiVersions } from '../../../../core/wire/dps-wire.ts';
import { connectsTo } from '../../judge/connections.ts';
import { statusIn } from '../../judge/exchanges.ts';
import { failed, notExercised, passed } from '../../judge/finding.ts';
import { eventsOf } from '../../judge/world-record.ts';
import { isInService } from '../../worlds/seen.ts';
import { defineStatement } from '../statement.ts';

export const R7 = defineStatement({
  id: 'R7',
  group: 'registration',
  level: 'must',
  statement:
    'treats a missing or null `connectionProfile` as classic, and connects only with a profile that it supports',
  source: 'REST-D; other values [U1]',
  isInformative: true,
  needs: ['hub'],
  worlds: ['profile-null', 'profile-mqttv5', 'profile-quantum'],
  judge: (record) => {
    const answer = eventsOf(record, 'dps-answer').findLast((each) => statusIn(each) === 'assigned');
    const request = eventsOf(record, 'dps-request').find(({ operation }) => operation === 'register');
    if (answer === undefined || request === undefined) return notExercised('DPS assigned no device');
    const visit = connectsTo(record, 'hub')[0];
    if (record.world === 'profile-null') {
      return isInService(record.events)
        ? passed('the client connected to the hub', answer)
        : failed('a connection to the assigned hub', 'the client did not connect to the assigned hub', answer);
    }
    if (!connectionProfileApiVersions.includes(request.apiVersion))
      return notExercised(`API version ${request.apiVersion} has no connectionProfile`);
    const isAllowed = visit === undefined || (record.world === 'profile-mqttv5' && visit.level === 5);
    return isAllowed
      ? passed('the client did not connect with MQTT 3.1.1, the protocol of classic hubs', answer)
      : failed(
          'no connection with MQTT 3.1.1',
          `the client sent a CONNECT with protocol level ${visit.level}`,
          answer,
          visit,
        );
  },
});
